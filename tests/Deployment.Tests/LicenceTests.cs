namespace Explaino.Deployment.Tests;

/// <summary>No package comes in, by its own name or behind another, whose licence nobody agreed to.</summary>
public sealed class LicenceTests
{
    private static readonly LicenceRules OnlyMit = new(["MIT"], [new(["npm:old"], null, "Its file is MIT.")]);

    private static readonly LicensedPackage[] Fine = [new("nuget:A", "1.0.0", "MIT"), new("npm:b", "2.0.0", "(GPL-3.0-only OR MIT)"), new("npm:old", "0.1.0", null)];

    [Fact]
    public async Task Every_package_of_every_lock_file_has_an_allowed_licence() => Assert.Empty(LicenceRules.Read().Faults(await LockedPackages.ReadAsync()));

    [Fact]
    public async Task Seeded_without_exceptions_each_package_that_has_one_is_noticed()
    {
        var rules = LicenceRules.Read();

        var faults = (rules with { Exceptions = [] }).Faults(await LockedPackages.ReadAsync());

        Assert.Equal(
            rules.Exceptions.SelectMany(exempt => exempt.Packages).Order(StringComparer.Ordinal),
            faults.Select(fault => fault.Split(' ')[0]).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GPL-3.0-only")]
    [InlineData("MIT AND GPL-3.0-only")]
    [InlineData("MIT WITH Classpath-exception-2.0")]
    [InlineData("SEE LICENSE IN LICENSE")]
    [InlineData("file LICENSE.txt")]
    [InlineData("https://example.com/licence")]
    [InlineData(null)]
    public void Seeded_another_licence_is_noticed(string? licence) =>
        Assert.Equal([$"npm:seeded 1.0.0: {licence ?? "says no licence"}"], OnlyMit.Faults([.. Fine, new("npm:seeded", "1.0.0", licence)]));

    [Fact]
    public void Seeded_an_exception_or_a_licence_that_nothing_needs_is_noticed()
    {
        Assert.Empty(OnlyMit.Faults(Fine));
        Assert.Equal(["npm:old: needs no exception"], OnlyMit.Faults(Fine[..2]));
        Assert.Equal(["npm:old 0.2.0: GPL-3.0-only", "npm:old: needs no exception"], OnlyMit.Faults([.. Fine[..2], new("npm:old", "0.2.0", "GPL-3.0-only")]));
        Assert.Equal(["ISC: no package has it"], (OnlyMit with { Allowed = ["MIT", "ISC"] }).Faults(Fine));
    }
}
