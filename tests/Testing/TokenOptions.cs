namespace Explaino.Testing;

/// <summary>How a token differs from a good one: what an attacker, or a clock, could make of it.</summary>
public sealed record TokenOptions
{
    /// <summary>The issuer's own when null.</summary>
    public string? Issuer { get; init; }

    public string Audience { get; init; } = "explaino";

    /// <summary>Now when null.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(15);

    public bool EmailVerified { get; init; } = true;

    /// <summary>ES256; <c>none</c> leaves the signature out, <c>HS256</c> signs with the public key as the secret.</summary>
    public string Algorithm { get; init; } = "ES256";

    /// <summary>Signs with a key that the issuer never published, under the published key's id.</summary>
    public bool ForeignKey { get; init; }

    /// <summary>Whether the claims are encoded as they must be, or in base64's other alphabet.</summary>
    public bool Base64Url { get; init; } = true;
}
