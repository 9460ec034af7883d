using Explaino.ServiceData.Resync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceData.People;

/// <summary>
/// Resync of a copy of people: the verb <c>resync people</c> where the copy may have missed events, or knows versions of a time that was restored away. Safe
/// beside any load: whatever an event changes meanwhile is left as the event has it.
/// </summary>
internal static class ResyncPeople
{
    public static async Task<ResyncReport> RunAsync<TContext>(IServiceProvider services, CancellationToken cancellationToken) where TContext : DbContext
    {
        var db = services.GetRequiredService<TContext>();
        var report = new ResyncReport();
        var compared = services.GetRequiredService<IdentityPeople>().CompareAsync(
            (after, count) => db.Set<Person>().AsNoTracking().Where(person => person.Id > after).OrderBy(person => person.Id).Take(count).ToListAsync(cancellationToken),
            copy => copy.Id,
            cancellationToken);
        await foreach (var part in compared)
        {
            // Those whom no event has brought yet, and those whose later versions none has brought.
            var mended = await db.ApplyAsync([.. part.Where(each => each.Person?.Version > (each.Copy?.Version ?? 0)).Select(each => AsEvent(each.Person!))]);
            foreach (var (_, copy, person) in part.Where(each => each.Copy is { DeletedAt: null }))
            {
                mended += IsWrong(copy!, person) ? await ReplaceAsync(db, copy!, person!, cancellationToken) : 0;
            }

            report.Compared(part.Count(each => each.Person is not null), mended);
            Report(part, report);
        }

        return report;
    }

    private static UserUpdated AsEvent(IdentityPerson person) => new(
        person.UserId, person.Username, person.FirstName, person.LastName, person.Bio, person.ProfileImage, person.CreatedAt, person.Version);

    /// <summary>Ahead of Identity, or another at the same version; a copy that is behind waits for nothing but its turn in <see cref="PeopleCopy.ApplyAsync"/>.</summary>
    private static bool IsWrong(Person copy, IdentityPerson? person) => person is not null
        && (copy.Version > person.Version || (copy.Version == person.Version && !Members(copy).Equals(Members(person))));

    private static (string?, string?, string?, string?, string?, DateTimeOffset?) Members(Person copy) =>
        (copy.Username, copy.FirstName, copy.LastName, copy.Bio, copy.ProfileImage, copy.CreatedAt);

    private static (string?, string?, string?, string?, string?, DateTimeOffset?) Members(IdentityPerson person) =>
        (person.Username, person.FirstName, person.LastName, person.Bio, person.ProfileImage, person.CreatedAt);

    /// <returns>1, or 0 if an event or a deletion came in between.</returns>
    private static Task<int> ReplaceAsync(DbContext db, Person read, IdentityPerson person, CancellationToken cancellationToken) => db.Set<Person>()
        .Where(copy => copy.Id == read.Id && copy.Version == read.Version && copy.DeletedAt == null)
        .ExecuteUpdateAsync(
            update => update
                .SetProperty(copy => copy.Username, person.Username)
                .SetProperty(copy => copy.FirstName, person.FirstName)
                .SetProperty(copy => copy.LastName, person.LastName)
                .SetProperty(copy => copy.Bio, person.Bio)
                .SetProperty(copy => copy.ProfileImage, person.ProfileImage)
                .SetProperty(copy => copy.CreatedAt, person.CreatedAt)
                .SetProperty(copy => copy.Version, person.Version),
            cancellationToken);

    private static void Report(IEnumerable<ComparedPerson<Person>> part, ResyncReport report)
    {
        foreach (var (id, copy, person) in part)
        {
            if (person is null && copy is { DeletedAt: null })
            {
                report.UnknownToIdentity(id);
            }
            else if (person is not null && copy?.DeletedAt is not null)
            {
                report.DeletedHereOnly(id);
            }
        }
    }
}
