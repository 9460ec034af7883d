using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Explaino.ServiceDefaults.Json;

namespace Explaino.ServiceData.Resync;

/// <summary>Client of Identity for the verb <c>resync people</c>: copies are fed by events, and only a copy that is in doubt is held against its source.</summary>
public sealed class IdentityPeople(HttpClient http)
{
    private const int PageSize = 1000;
    private static readonly JsonSerializerOptions Wire = JsonConventions.Apply(new());

    /// <summary>Everybody whom Identity or this service knows, in parts, by their ids.</summary>
    /// <param name="readCopies">Reads so many copies of those who follow an id, by their ids.</param>
    /// <remarks>
    /// Copies are read before Identity is asked. What it says is therefore never older than they are, unless it was restored to a moment before them: this is
    /// what tells a copy that is ahead of Identity from an answer that is behind an event.
    /// </remarks>
    public async IAsyncEnumerable<IReadOnlyList<ComparedPerson<TCopy>>> CompareAsync<TCopy>(
        Func<Guid, int, Task<List<TCopy>>> readCopies, Func<TCopy, Guid> idOf, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TCopy : class
    {
        for (Guid? after = Guid.Empty; after is { } reached;)
        {
            var copies = await readCopies(reached, PageSize);
            var people = await http.GetFromJsonAsync<List<IdentityPerson>>($"/internal/people?after={reached}", Wire, cancellationToken) ?? [];

            // Behind its last row a full page says nothing; of Identity every page may be full.
            Guid?[] ends = [copies.Count == PageSize ? idOf(copies[^1]) : null, people.Count > 0 ? people[^1].UserId : null];
            after = ends.Min();
            yield return Pair(copies.Where(copy => !(idOf(copy) > after)), idOf, people.Where(person => !(person.UserId > after)));
        }
    }

    private static List<ComparedPerson<TCopy>> Pair<TCopy>(IEnumerable<TCopy> copies, Func<TCopy, Guid> idOf, IEnumerable<IdentityPerson> people)
        where TCopy : class
    {
        var (kept, known) = (copies.ToDictionary(idOf), people.ToDictionary(person => person.UserId));
        return [.. kept.Keys.Union(known.Keys).Order().Select(id => new ComparedPerson<TCopy>(id, kept.GetValueOrDefault(id), known.GetValueOrDefault(id)))];
    }
}

/// <summary>One person as this service and as Identity knows them; null where one of the two does not.</summary>
public sealed record ComparedPerson<TCopy>(Guid Id, TCopy? Copy, IdentityPerson? Person) where TCopy : class;

/// <summary>Somebody as Identity has them now: what the newest event about them tells, or will tell.</summary>
public sealed record IdentityPerson(
    Guid UserId, string Username, string? FirstName, string? LastName, string? Bio, string? ProfileImage, DateTimeOffset CreatedAt, long Version);
