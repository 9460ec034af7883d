using System.ComponentModel;

namespace Explaino.Gateway.Clients;

/// <summary><c>Client:*</c>: what the operator tells apps; all of it may be unset.</summary>
internal sealed class ClientSettings
{
    public string? MinimumVersion { get; init; }

    public string? UpdateUrl { get; init; }

    public SupportSettings Support { get; init; } = new();

    public string[] Features { get; init; } = [];

    public bool AreUsable() => IsAddress(UpdateUrl) && IsAddress(Support.Url);

    internal static bool IsAddress(string? url) =>
        url is null || (Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp));

    internal sealed class SupportSettings
    {
        public string? Email { get; init; }

        public string? Url { get; init; }
    }
}

/// <summary><c>Terms:*</c>: what users agree to; the same setting as Identity's, which asks for their agreement. What is empty is unset.</summary>
internal sealed class TermsSettings
{
    public string? Version { get; init; }

    public string? Url { get; init; }

    public TermsResponse? Response => string.IsNullOrEmpty(Version) || string.IsNullOrEmpty(Url) ? null : new(Version, Url);

    public bool AreUsable() => string.IsNullOrEmpty(Version) == string.IsNullOrEmpty(Url) && (string.IsNullOrEmpty(Url) || ClientSettings.IsAddress(Url));
}

/// <summary>What an app must know of this server (docs/contract.md#9-gateway).</summary>
internal sealed record ClientResponse(
    [property: Description("One more with each addition to the API.")] int ApiLevel,
    [property: Description("The oldest version of the app that still works; null: any.")] string? MinimumVersion,
    [property: Description("Where a newer version is.")] string? UpdateUrl,
    TermsResponse? Terms,
    SupportResponse? Support,
    [property: Description("What this server can do beyond what every one can.")] IReadOnlyList<string> Features,
    [property: Description("The server's time.")] DateTimeOffset ServerTime)
{
    public static ClientResponse From(ClientSettings settings, TermsSettings terms, int apiLevel, DateTimeOffset now) => new(
        apiLevel,
        settings.MinimumVersion,
        settings.UpdateUrl,
        terms.Response,
        settings.Support is { Email: null, Url: null } ? null : new(settings.Support.Email, settings.Support.Url),
        settings.Features,
        now);
}

/// <summary>What users agree to.</summary>
internal sealed record TermsResponse(string Version, string Url);

/// <summary>Where users find help.</summary>
internal sealed record SupportResponse(string? Email, string? Url);
