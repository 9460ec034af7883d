using System.Text.Json;
using Explaino.ProfileService.Data;
using Explaino.ProfileService.Profiles;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Collections;

/// <summary>One of the things that people list of themselves: its table, with what the database refuses, and its routes.</summary>
internal abstract class Collection(string path)
{
    public const int MaximumCount = 100;

    public string Path => path;

    /// <summary>Its name in JSON, and in <c>user_…</c>, its table.</summary>
    public string Member => path.Replace('-', '_');

    public string Table => $"user_{Member}";

    /// <summary>The columns of partial dates, beside each of which one ends in <c>_said</c>.</summary>
    public abstract IEnumerable<string> Dates { get; }

    public abstract void Configure(ModelBuilder model);

    public abstract void Map(IEndpointRouteBuilder profiles);
}

/// <inheritdoc/>
internal sealed class Collection<TItem, TRequest, TResponse>(string path) : Collection(path)
    where TItem : CollectionItem<TRequest, TResponse>, new()
    where TRequest : class
{
    private string UniqueName => $"ux_{Table}_name";

    private string PositionCheck => $"ck_{Table}_position";

    private string UniquePosition => $"ux_{Table}_position";

    public override IEnumerable<string> Dates =>
        from property in typeof(TResponse).GetProperties()
        where property.PropertyType == typeof(PartialDate?)
        select JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    public override void Configure(ModelBuilder model)
    {
        var item = model.Entity<TItem>();
        item.ToTable(Table, table => table.HasCheckConstraint(PositionCheck, $"position >= 0 AND position < {MaximumCount}"));
        ProfileConfiguration.Own(item, Table, row => row.UserId);
        item.HasIndex(row => new { row.UserId, row.Position }).IsUnique().HasDatabaseName(UniquePosition);
        if (typeof(TItem).IsAssignableTo(typeof(NamedItem)))
        {
            item.HasNameKey();
            item.HasIndex(nameof(CollectionItem.UserId), CaseInsensitive.NameKey).IsUnique().HasDatabaseName(UniqueName);
        }
    }

    public override void Map(IEndpointRouteBuilder profiles) => new CollectionEndpoints<TItem, TRequest, TResponse>(this).Map(profiles);

    /// <summary>Saves what was done to items, and says in the client's terms what the database refuses.</summary>
    public async Task<ProblemHttpResult?> SaveAsync(ProfileDbContext db, string member, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException e) when (e.Violates(UniqueName))
        {
            return Problems.Conflict(
                "name_taken", "A name is listed once, whatever its case.", new Dictionary<string, string[]> { [member] = [new Violation("duplicate", "Holds a name twice.")] });
        }
        catch (DbUpdateException e) when (e.Violates(PositionCheck))
        {
            return Problems.Conflict("collection_full", $"A list has at most {MaximumCount} items.");
        }
    }
}
