using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ServiceData.People;

/// <summary>
/// A service's own copy of a user's public members, fed by Identity's events. Version 0 is a user known from their token only; a deleted one stays as
/// an empty row, so that no late event brings anything back.
/// </summary>
public sealed class Person
{
    public required Guid Id { get; init; }

    public string? Username { get; init; }

    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Bio { get; init; }

    public string? ProfileImage { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public long Version { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }
}

/// <summary>Every database whose service shows people applies this.</summary>
public sealed class PersonConfiguration : IEntityTypeConfiguration<Person>
{
    public void Configure(EntityTypeBuilder<Person> builder)
    {
        builder.ToTable("people");
        builder.Property(person => person.Id).ValueGeneratedNever();
    }
}

/// <summary>Somebody as others see them beside what they wrote (docs/contract.md#5-job-board, "author"); of a deleted person only the id is left (docs/contract.md#7-events).</summary>
public sealed record PersonResponse(
    Guid Id,
    string? Username,
    string? FirstName,
    string? LastName,
    string? ProfileImage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Deleted = false);
