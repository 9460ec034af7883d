namespace Explaino.ProfileService.Collections;

/// <summary>
/// All collections. A further one is a line here, a class for its table below, and a member of <see cref="Profiles.ProfileResponse"/>; then a migration.
/// </summary>
internal static class CollectionList
{
    public static readonly IReadOnlyList<Collection> All =
    [
        new Collection<UserSkill, NamedItemRequest, NamedItemResponse>("skills"),
        new Collection<UserEducation, EducationRequest, EducationResponse>("education"),
        new Collection<UserTechStack, NamedItemRequest, NamedItemResponse>("tech-stack"),
        new Collection<UserLanguage, NamedItemRequest, NamedItemResponse>("languages"),
        new Collection<UserFramework, NamedItemRequest, NamedItemResponse>("frameworks"),
        new Collection<UserCommunicationSkill, NamedItemRequest, NamedItemResponse>("communication-skills"),
        new Collection<UserCertification, CertificationRequest, CertificationResponse>("certifications"),
        new Collection<UserProject, ProjectRequest, ProjectResponse>("projects"),
        new Collection<UserSoftSkill, NamedItemRequest, NamedItemResponse>("soft-skills"),
        new Collection<UserHobby, NamedItemRequest, NamedItemResponse>("hobbies"),
        new Collection<UserExperience, EmploymentRequest, EmploymentResponse>("experience"),
        new Collection<UserInternship, EmploymentRequest, EmploymentResponse>("internships"),
    ];

    public static void MapCollections(this IEndpointRouteBuilder profiles)
    {
        foreach (var collection in All)
        {
            collection.Map(profiles);
        }
    }
}

internal sealed class UserSkill : NamedItem;

internal sealed class UserEducation : EducationItem;

internal sealed class UserTechStack : NamedItem;

internal sealed class UserLanguage : NamedItem;

internal sealed class UserFramework : NamedItem;

internal sealed class UserCommunicationSkill : NamedItem;

internal sealed class UserCertification : CertificationItem;

internal sealed class UserProject : ProjectItem;

internal sealed class UserSoftSkill : NamedItem;

internal sealed class UserHobby : NamedItem;

internal sealed class UserExperience : EmploymentItem;

internal sealed class UserInternship : EmploymentItem;
