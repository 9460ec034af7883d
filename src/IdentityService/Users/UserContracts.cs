using System.ComponentModel;
using System.Text.Json.Serialization;
using Explaino.IdentityService.Passwords;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Validation;
using Microsoft.Extensions.Validation;

namespace Explaino.IdentityService.Users;

// Requests are public: the generated validation leaves out what is not.

public sealed record RegisterRequest(
    [property: RequiredMember, Email] string? Email,
    [property: RequiredMember, Username] string? Username,
    [property: RequiredMember(AllowEmptyStrings = true), NewPassword, JsonConverter(typeof(VerbatimTextConverter))] string? Password,
    [property: Text(50)] string? FirstName = null,
    [property: Text(50)] string? LastName = null,
    [property: PhoneNumber] string? PhoneNumber = null,
    [property: Text(500, Multiline = true)] string? Bio = null,
    [property: HttpUrl] string? ProfileImage = null,
    [property: Text(TermsOptions.MaximumLength), Description("The version of the terms that the user agrees to; required where GET /api/client tells terms.")]
    string? AcceptedTerms = null) : INamePasswordOwner;

/// <summary>Everything a user may change of themselves with PATCH, by the rules of registration.</summary>
#pragma warning disable ASP0029 // The framework's validation of types that are no handler's parameters is marked as experimental.
[ValidatableType]
#pragma warning restore ASP0029
public sealed record UserRequest(
    [property: RequiredMember, Username] string? Username,
    [property: Text(50)] string? FirstName,
    [property: Text(50)] string? LastName,
    [property: PhoneNumber] string? PhoneNumber,
    [property: Text(500, Multiline = true)] string? Bio,
    [property: HttpUrl] string? ProfileImage)
{
    public static UserRequest From(User user) =>
        new(user.Username, user.FirstName, user.LastName, user.PhoneNumber, user.Bio, user.ProfileImage);

    public void ApplyTo(User user)
    {
        user.Username = Username!;
        user.FirstName = FirstName;
        user.LastName = LastName;
        user.PhoneNumber = PhoneNumberAttribute.WithPlus(PhoneNumber);
        user.Bio = Bio;
        user.ProfileImage = ProfileImage;
    }
}

public sealed record DeleteUserRequest(
    [property: RequiredMember(AllowEmptyStrings = true), JsonConverter(typeof(VerbatimTextConverter))] string? Password);

public sealed record ChangeEmailRequest(
    [property: RequiredMember, Email] string? NewEmail,
    [property: RequiredMember(AllowEmptyStrings = true), JsonConverter(typeof(VerbatimTextConverter))] string? Password);

/// <param name="Email">The old address.</param>
public sealed record UndoEmailChangeRequest(
    [property: RequiredMember, Text(EmailAddress.MaximumLength)] string? Email,
    [property: RequiredMember, Text(100)] string? Code);

public sealed record RequestDeletionRequest([property: RequiredMember, Email] string? Email);

public sealed record ConfirmDeletionRequest(
    [property: RequiredMember, Text(EmailAddress.MaximumLength)] string? Email,
    [property: RequiredMember, Text(100)] string? Code);

/// <summary>What users to find; without any of these, all.</summary>
public sealed record UserFilter(
    [property: Text(100), Description("The whole username, in any case.")] string? Username,
    [property: TextLength(5000), Description("Up to 100 ids, separated by commas; all of them that exist come in one answer.")] string? Ids,
    [property: Text(100), Description("Beginnings of words of username, first name and last name, all of them.")] string? Q);

public sealed record VerifyEmailRequest([property: RequiredMember, Text(100)] string? Code);

/// <summary>A user as they see themselves.</summary>
internal sealed record UserResponse(
    Guid Id,
    string Email,
    string Username,
    string? FirstName,
    string? LastName,
    string? PhoneNumber,
    string? Bio,
    string? ProfileImage,
    bool EmailVerified,
    IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt) : IPartlyEditable
{
    object IPartlyEditable.Editable => new UserRequest(Username, FirstName, LastName, PhoneNumber, Bio, ProfileImage);

    public static UserResponse From(User user) => new(
        user.Id, user.Email, user.Username, user.FirstName, user.LastName, user.PhoneNumber, user.Bio, user.ProfileImage,
        user.EmailVerified, user.Roles, user.CreatedAt, user.UpdatedAt);
}

/// <summary>A user as admins see them.</summary>
internal sealed record AdminUserResponse(
    Guid Id,
    string Email,
    string Username,
    string? FirstName,
    string? LastName,
    string? PhoneNumber,
    string? Bio,
    string? ProfileImage,
    bool EmailVerified,
    IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: Description("A time, or forever; null if the account is not suspended.")] string? SuspendedUntil)
{
    public static AdminUserResponse From(User user, DateTimeOffset now) => new(
        user.Id, user.Email, user.Username, user.FirstName, user.LastName, user.PhoneNumber, user.Bio, user.ProfileImage,
        user.EmailVerified, user.Roles, user.CreatedAt, user.UpdatedAt, TimeOrForever.ToText(user.SuspendedUntil(now)));
}

/// <summary>What users admins look for; without any of these, all.</summary>
public sealed record AdminUserFilter(
    [property: Text(100), Description("Beginnings of words of username, first name and last name, all of them.")] string? Q,
    [property: Text(EmailAddress.MaximumLength), Description("The whole email address, in any case.")] string? Email);

/// <summary>A user as others see them.</summary>
internal sealed record PublicUserResponse(
    Guid Id, string Username, string? FirstName, string? LastName, string? Bio, string? ProfileImage, DateTimeOffset CreatedAt);
