using System.Text.Json.Serialization;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.IdentityService.Sessions;

public sealed record TokenRequest(
    [property: RequiredMember, Text(EmailAddress.MaximumLength)] string? Email,
    [property: RequiredMember(AllowEmptyStrings = true), JsonConverter(typeof(VerbatimTextConverter))] string? Password);

/// <summary>Of POST /token/refresh, and of POST /logout. Of no particular form: whatever it is, it is right or wrong.</summary>
public sealed record RefreshTokenRequest([property: RequiredMember] string? RefreshToken);

internal sealed record TokenResponse(string AccessToken, string RefreshToken, string TokenType, int ExpiresIn);

internal sealed record SessionResponse(
    Guid Id, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, string? UserAgent, string? Ip, bool Current);
