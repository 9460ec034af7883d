using System.ComponentModel;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Mvc;

namespace Explaino.ProfileService.Search;

/// <summary>Whom to look for; all of it must hold.</summary>
public sealed record SearchRequest(
    [property: Text(100), Description("Words, or beginnings of words, of names, headline, company, role, skills and so on.")] string? Q,
    [property: FromQuery(Name = "specialization_id")] Guid? SpecializationId,
    [property: Text(100), Description("The whole name of a skill, in any case.")] string? Skill,
    [property: Text(150), Description("Words, or beginnings of words, of the current company.")] string? Company,
    [property: Text(150), Description("Words, or beginnings of words, of the location.")] string? Location);

/// <summary>A person found: the public members, and a line of the profile.</summary>
internal sealed record FoundPersonResponse(
    Guid Id,
    string? Username,
    string? FirstName,
    string? LastName,
    string? Bio,
    string? ProfileImage,
    DateTimeOffset? CreatedAt,
    string? Headline,
    string? Location,
    string? CurrentCompany,
    string? CurrentRole);
