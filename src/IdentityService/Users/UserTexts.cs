using Explaino.ServiceData.Reports;

namespace Explaino.IdentityService.Users;

/// <summary>What users say of themselves, for whoever looks at their words.</summary>
internal static class UserTexts
{
    public static IEnumerable<(string Member, string? Text)> Of(RegisterRequest request) =>
        Of(new UserRequest(request.Username, request.FirstName, request.LastName, null, request.Bio, null));

    public static IEnumerable<(string Member, string? Text)> Of(UserRequest request) =>
        [("username", request.Username), ("first_name", request.FirstName), ("last_name", request.LastName), ("bio", request.Bio)];

    /// <summary>The person as they are shown.</summary>
    public static ReportedContent Reported(User user)
    {
        var name = string.Join(' ', new[] { user.Username, user.FirstName, user.LastName }.OfType<string>());
        return new(
            "identity", ReportedType.User, user.Id, null, user.Id, new(name, user.Bio, user.ProfileImage is { } image ? [image] : [], [], user.CreatedAt));
    }
}
