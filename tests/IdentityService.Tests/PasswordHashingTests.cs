using Explaino.IdentityService.Passwords;
using Explaino.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PasswordOptions = Explaino.IdentityService.Passwords.PasswordOptions;

namespace Explaino.IdentityService.Tests;

/// <summary>Every form of a hash that there is in the table, with right and wrong passwords; and the queue in front of them.</summary>
public sealed class PasswordHashingTests
{
    private const string Password = IdentityHost.Password;
    private const string Composed = "caf\u00e9 und br\u00fccke";
    private const string Decomposed = "cafe\u0301 und bru\u0308cke";

    private static readonly int Processors = Environment.ProcessorCount;

    [Fact]
    public async Task A_new_hash_is_Argon2ids_in_the_form_of_its_reference_implementation()
    {
        using var hashing = Hashing(memorySize: 64, passes: 2);

        var (one, other) = (await hashing.HashAsync(Password, default), await hashing.HashAsync(Password, default));

        Assert.Matches("^\\$argon2id\\$v=19\\$m=64,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}$", one);
        Assert.NotEqual(one, other);
        Assert.Equal(PasswordVerificationResult.Success, await hashing.VerifyAsync(one, Password, default));
        Assert.Equal(PasswordVerificationResult.Failed, await hashing.VerifyAsync(one, "another password", default));
    }

    [Theory]
    [InlineData(128, 1)]
    [InlineData(64, 2)]
    public async Task A_hash_of_another_cost_is_verified_at_that_cost_and_made_anew(int memorySize, int passes)
    {
        using var hashing = Hashing(memorySize: 64, passes: 1);
        using var former = Hashing(memorySize: memorySize, passes: passes);
        var hash = await former.HashAsync(Password, default);

        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await hashing.VerifyAsync(hash, Password, default));
        Assert.Equal(PasswordVerificationResult.Failed, await hashing.VerifyAsync(hash, "another password", default));
    }

    [Fact]
    public async Task A_hash_of_version_1_is_good_for_version_1_and_made_anew_by_others()
    {
        using var former = Hashing(PasswordHash.Pbkdf2);
        using var hashing = Hashing();
        var hash = await former.HashAsync(Password, default);

        Assert.DoesNotContain('$', hash);
        Assert.Equal(PasswordVerificationResult.Success, await former.VerifyAsync(hash, Password, default));
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await hashing.VerifyAsync(hash, Password, default));
        Assert.Equal(PasswordVerificationResult.Failed, await former.VerifyAsync(hash, "another password", default));
        Assert.Equal(PasswordVerificationResult.Failed, await hashing.VerifyAsync(hash, "another password", default));
        Assert.Equal(PasswordVerificationResult.Success, await former.VerifyAsync(await hashing.HashAsync(Password, default), Password, default));
    }

    [Theory]
    [InlineData(nameof(PasswordHash.Argon2id))]
    [InlineData(nameof(PasswordHash.Pbkdf2))]
    public async Task A_password_is_the_same_however_its_accents_are_typed(string form)
    {
        using var hashing = Hashing(Enum.Parse<PasswordHash>(form));

        Assert.Equal(PasswordVerificationResult.Success, await hashing.VerifyAsync(await hashing.HashAsync(Composed, default), Decomposed, default));
        Assert.Equal(PasswordVerificationResult.Success, await hashing.VerifyAsync(await hashing.HashAsync(Decomposed, default), Composed, default));
    }

    [Theory]
    [InlineData(nameof(PasswordHash.Argon2id))]
    [InlineData(nameof(PasswordHash.Pbkdf2))]
    public async Task A_hash_from_before_passwords_were_normalized_is_of_what_was_typed_and_made_anew(string form)
    {
        using var hashing = Hashing(Enum.Parse<PasswordHash>(form));
        var hash = new PasswordHasher<object>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordOptions.Iterations })).HashPassword(new object(), Decomposed);

        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, await hashing.VerifyAsync(hash, Decomposed, default));
        Assert.Equal(PasswordVerificationResult.Failed, await hashing.VerifyAsync(hash, Decomposed + "!", default));
    }

    [Theory]
    [InlineData("")]
    [InlineData(Password)]
    public async Task Where_there_is_no_account_every_password_is_wrong(string password)
    {
        using var hashing = Hashing();

        Assert.Equal(PasswordVerificationResult.Failed, await hashing.VerifyAsync(hash: null, password, default));
    }

    [Fact]
    public async Task A_damaged_hash_is_no_wrong_password()
    {
        using var hashing = Hashing();

        await Assert.ThrowsAsync<FormatException>(() => hashing.VerifyAsync("$argon2id$v=19$m=64,t=1,p=1$c2FsdA", Password, default));
    }

    [Fact]
    public async Task So_many_as_may_wait_wait_and_the_next_one_is_refused_until_one_is_done()
    {
        using var hashing = Hashing(memorySize: 65_536, waiting: 1);
        for (var round = 0; round < 2; round++)
        {
            var hashes = Enumerable.Range(0, Processors + 1).Select(_ => hashing.HashAsync(Password, default)).ToList();

            await Assert.ThrowsAsync<DependencyUnavailableException>(() => hashing.HashAsync(Password, default));

            Assert.Equal(Processors + 1, (await Task.WhenAll(hashes)).Distinct().Count());
        }
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_their_place_to_others()
    {
        using var hashing = Hashing(waiting: 1);
        for (var client = 0; client < 3 * Processors; client++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hashing.HashAsync(Password, new CancellationToken(canceled: true)));
        }

        Assert.Equal(Processors + 1, (await Task.WhenAll(Enumerable.Range(0, Processors + 1).Select(_ => hashing.HashAsync(Password, default)))).Length);
    }

    private static PasswordHashing Hashing(PasswordHash form = PasswordHash.Argon2id, int memorySize = 64, int passes = 1, int waiting = 100) =>
        new(Options.Create(new PasswordOptions { Hash = form, MemorySize = memorySize, Passes = passes, MaximumWaiting = waiting }));
}
