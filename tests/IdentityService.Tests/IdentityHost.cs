using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Explaino.Testing;
using Npgsql;

namespace Explaino.IdentityService.Tests;

/// <summary>Somebody who is registered.</summary>
public sealed record Member(Guid Id, string Email, string Username, string Password);

/// <summary>What a login gives.</summary>
public sealed record Login(string AccessToken, string RefreshToken)
{
    public JsonObject Claims => JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(AccessToken.Split('.')[1]))!.AsObject();

    public JsonObject Header => JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(AccessToken.Split('.')[0]))!.AsObject();

    public Guid SessionId => Guid.Parse((string)Claims["sid"]!);
}

/// <summary>IdentityService with cheap passwords, a mail folder of its own and a clock that can be put forward.</summary>
public partial class IdentityHost : ServiceHost<Program>
{
    public const string Password = "correct horse battery";

    private static int _people;

    private readonly string _mails;

    public IdentityHost()
        : this(new Dictionary<string, string?>())
    {
    }

    /// <summary>With settings of its own.</summary>
    protected IdentityHost(Dictionary<string, string?> settings)
        : this(new TestClock(), Directory.CreateTempSubdirectory("explaino-mail-").FullName, settings)
    {
    }

    private IdentityHost(TestClock clock, string mails, Dictionary<string, string?> settings)
        : base(Service.Identity, Settings(mails, settings), clock) => (Clock, _mails) = (clock, mails);

    /// <summary>In an environment that stays the caller's: one instance of several, or one whose servers stop.</summary>
    internal IdentityHost(ServiceEnvironment environment, Dictionary<string, string?>? settings = null)
        : this(environment, new TestClock(), Directory.CreateTempSubdirectory("explaino-mail-").FullName, settings ?? [])
    {
    }

    private IdentityHost(ServiceEnvironment environment, TestClock clock, string mails, Dictionary<string, string?> settings)
        : base(environment, Settings(mails, settings), clock) => (Clock, _mails) = (clock, mails);

    public TestClock Clock { get; }

    /// <summary>A registration that would be accepted; nobody else has these names.</summary>
    public static JsonObject NewRegistration()
    {
        var number = Interlocked.Increment(ref _people).ToString("D6", CultureInfo.InvariantCulture);
        return new() { ["email"] = $"person{number}@example.org", ["username"] = $"person.{number}", ["password"] = Password };
    }

    public async Task<HttpResponseMessage> PostAsync(string path, object body)
    {
        using var client = Anonymous();
        return await client.PostAsJsonAsync(path, body);
    }

    public async Task<Member> RegisterAsync(JsonObject? registration = null)
    {
        registration ??= NewRegistration();
        using var response = await PostAsync("/api/auth/register", registration);
        var user = await response.ReadObjectAsync(HttpStatusCode.Created);
        return new(
            Guid.Parse((string)user["id"]!), (string)registration["email"]!, (string)registration["username"]!, (string)registration["password"]!);
    }

    public Task<HttpResponseMessage> TryLogInAsync(string email, string password) => PostAsync("/api/auth/token", new { email, password });

    public async Task<Login> LogInAsync(string email, string password)
    {
        using var response = await TryLogInAsync(email, password);
        return await ReadLoginAsync(response);
    }

    public Task<Login> LogInAsync(Member member) => LogInAsync(member.Email, member.Password);

    public Task<HttpResponseMessage> TryRefreshAsync(string refreshToken) =>
        PostAsync("/api/auth/token/refresh", new { refresh_token = refreshToken });

    public async Task<Login> RefreshAsync(Login login)
    {
        using var response = await TryRefreshAsync(login.RefreshToken);
        return await ReadLoginAsync(response);
    }

    public static async Task<Login> ReadLoginAsync(HttpResponseMessage response)
    {
        var pair = await response.ReadObjectAsync();
        return new((string)pair["access_token"]!, (string)pair["refresh_token"]!);
    }

    public HttpClient As(Login login) => WithToken(login.AccessToken);

    /// <summary>Somebody new, signed in.</summary>
    public async Task<(Member Member, HttpClient Client)> SomebodyAsync()
    {
        var member = await RegisterAsync();
        return (member, As(await LogInAsync(member)));
    }

    /// <summary>The admin whom a new database is given; asked for when there is one, since too many wrong logins lock the account.</summary>
    public async Task<Login> LogInAsAdminAsync()
    {
        await using var database = NpgsqlDataSource.Create(Environment.Database.SuperuserConnectionString);
        await Eventually.TrueAsync(async () =>
        {
            await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM users WHERE is_admin)");
            return await command.ExecuteScalarAsync() is true;
        });
        return await LogInAsync("admin@explaino.local", "Admin-Passw0rd!");
    }

    /// <summary>How many rows of a table there are, or of those that fit.</summary>
    public async Task<long> CountAsync(string rows)
    {
        await using var database = NpgsqlDataSource.Create(Environment.Database.SuperuserConnectionString);
        await using var command = database.CreateCommand($"SELECT count(*) FROM {rows}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits for a notice to this address.</summary>
    public Task<string> ReadNoticeAsync(string email, string subject) =>
        Eventually.GetAsync(async () => (await MailsToAsync(email)).FirstOrDefault(text => text.Contains($"Subject: {subject}", StringComparison.Ordinal)));

    /// <summary>Waits for the code of the so-manieth mail with a code to this address.</summary>
    public async Task<string> ReadCodeAsync(string email, int mail = 1)
    {
        var text = await Eventually.GetAsync(async () => (await MailsToAsync(email)).Where(text => MailedCode().IsMatch(text)).ElementAtOrDefault(mail - 1));
        return MailedCode().Match(text).Value;
    }

    public async Task<IReadOnlyList<string>> MailsToAsync(string email)
    {
        var texts = await Task.WhenAll(Directory.GetFiles(_mails, "*.eml").Order(StringComparer.Ordinal).Select(file => File.ReadAllTextAsync(file)));
        return [.. texts.Where(text => text.Contains($"To: {email}", StringComparison.OrdinalIgnoreCase))];
    }

    private static Dictionary<string, string?> Settings(string mails, Dictionary<string, string?> own) => new(own)
    {
        ["Passwords:MemorySize"] = own.GetValueOrDefault("Passwords:MemorySize", "64"),
        ["Mail:PickupDirectory"] = mails,
    };

    [GeneratedRegex(@"(?<=^\s+)(\d{6}|[0-9A-Z]{5}-[0-9A-Z]{5})(?=\s*$)", RegexOptions.Multiline)]
    private static partial Regex MailedCode();
}
