using System.Text.Json;
using NuGet.Packaging.Licenses;

namespace Explaino.Deployment.Tests;

/// <summary>Which licences packages may have (deploy/licences.json), without a line that no package needs.</summary>
/// <param name="Allowed">SPDX identifiers, for every package.</param>
/// <param name="Exceptions">Packages that say something else, each as long as it says just that.</param>
internal sealed record LicenceRules(IReadOnlyList<string> Allowed, IReadOnlyList<LicenceRules.Exempt> Exceptions)
{
    public static LicenceRules Read() =>
        JsonSerializer.Deserialize<LicenceRules>(File.ReadAllText(Repository.PathTo("deploy", "licences.json")), JsonSerializerOptions.Web)!;

    public IEnumerable<string> Faults(IReadOnlyList<LicensedPackage> packages)
    {
        var others = packages.Where(package => !IsAllowed(package.Licence)).ToList();
        var named = packages.SelectMany(package => Identifiers(package.Licence)).ToHashSet();
        return
        [
            .. others.Where(package => !Exceptions.Any(exempt => exempt.Is(package))).Select(package => $"{package.Id} {package.Version}: {package.Licence ?? "says no licence"}"),
            .. Exceptions.SelectMany(exempt => exempt.Packages.Where(id => !others.Any(package => package.Id == id && exempt.Is(package)))).Select(id => $"{id}: needs no exception"),
            .. Exceptions.Where(exempt => string.IsNullOrWhiteSpace(exempt.Because)).Select(exempt => $"{exempt.Packages[0]}: no reason"),
            .. Allowed.Where(licence => !named.Contains(licence)).Select(licence => $"{licence}: no package has it"),
        ];
    }

    private bool IsAllowed(string? licence) => Parse(licence) is { } expression && IsAllowed(expression);

    private bool IsAllowed(NuGetLicenseExpression expression) => expression switch
    {
        NuGetLicense licence => Allowed.Contains(licence.Identifier),
        LogicalOperator { LogicalOperatorType: LogicalOperatorType.Or } either => IsAllowed(either.Left) || IsAllowed(either.Right),
        LogicalOperator both => IsAllowed(both.Left) && IsAllowed(both.Right),
        _ => false,
    };

    private static List<string> Identifiers(string? licence)
    {
        List<string> identifiers = [];
        Parse(licence)?.OnEachLeafNode(leaf => identifiers.Add(leaf.Identifier), exceptionProcessor: null);
        return identifiers;
    }

    private static NuGetLicenseExpression? Parse(string? licence)
    {
        try
        {
            return licence is null ? null : NuGetLicenseExpression.Parse(licence);
        }
        catch (NuGetLicenseExpressionParsingException)
        {
            return null;
        }
    }

    /// <param name="Says">What the packages say in place of an allowed licence; null if they say nothing.</param>
    /// <param name="Because">Why they may be used nevertheless.</param>
    internal sealed record Exempt(IReadOnlyList<string> Packages, string? Says, string Because)
    {
        public bool Is(LicensedPackage package) => Packages.Contains(package.Id) && package.Licence == Says;
    }
}
