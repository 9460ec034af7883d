using System.Text.Json.Serialization;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.IdentityService.Passwords;

public sealed record ChangePasswordRequest(
    [property: RequiredMember(AllowEmptyStrings = true), JsonConverter(typeof(VerbatimTextConverter))] string? CurrentPassword,
    [property: RequiredMember(AllowEmptyStrings = true), NewPassword, JsonConverter(typeof(VerbatimTextConverter))] string? NewPassword);

public sealed record ForgotPasswordRequest([property: RequiredMember, Text(EmailAddress.MaximumLength)] string? Email);

public sealed record ResetPasswordRequest(
    [property: RequiredMember, Text(EmailAddress.MaximumLength)] string? Email,
    [property: RequiredMember, Text(100)] string? Code,
    [property: RequiredMember(AllowEmptyStrings = true), NewPassword, JsonConverter(typeof(VerbatimTextConverter))] string? NewPassword);
