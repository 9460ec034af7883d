using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Explaino.IdentityService.Users;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;

namespace Explaino.IdentityService.Passwords;

public sealed record ChangePasswordRequest(
    [property: Required(AllowEmptyStrings = true), JsonConverter(typeof(VerbatimTextConverter))] string? CurrentPassword,
    [property: Required(AllowEmptyStrings = true), NewPassword, JsonConverter(typeof(VerbatimTextConverter))] string? NewPassword);

public sealed record ForgotPasswordRequest([property: Required, Text(EmailAddress.MaximumLength)] string? Email);

public sealed record ResetPasswordRequest(
    [property: Required, Text(EmailAddress.MaximumLength)] string? Email,
    [property: Required, Text(100)] string? Code,
    [property: Required(AllowEmptyStrings = true), NewPassword, JsonConverter(typeof(VerbatimTextConverter))] string? NewPassword);
