namespace Explaino.Deployment.Tests;

/// <param name="Id">With where it is from, because both registries have packages of the same names: <c>npm:ws</c>.</param>
/// <param name="Licence">What it says: an SPDX expression, words about where the licence stands, or nothing.</param>
internal sealed record LicensedPackage(string Id, string Version, string? Licence);
