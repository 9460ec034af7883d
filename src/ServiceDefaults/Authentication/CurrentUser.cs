using System.Security.Claims;

namespace Explaino.ServiceDefaults.Authentication;

/// <summary>What a verified access token says (docs/contract.md#2-identity).</summary>
public static class CurrentUser
{
    public const string AdminRole = "admin";

    /// <summary>The <c>sub</c> claim: whose token it is.</summary>
    public static Guid Id(this ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue("sub")!);

    /// <summary>The <c>sid</c> claim: the session that the token belongs to.</summary>
    public static Guid SessionId(this ClaimsPrincipal user) => Guid.Parse(user.FindFirstValue("sid")!);

    /// <summary>The <c>email_verified</c> claim, as true as when the token was made.</summary>
    public static bool HasVerifiedEmail(this ClaimsPrincipal user) => bool.TryParse(user.FindFirstValue("email_verified"), out var verified) && verified;

    public static bool IsAdmin(this ClaimsPrincipal user) => user.IsInRole(AdminRole);
}
