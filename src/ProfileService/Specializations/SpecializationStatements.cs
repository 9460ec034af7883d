using Explaino.ProfileService.Data;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ProfileService.Specializations;

internal static class SpecializationStatements
{
    /// <returns>The specialization as it is now, tracked, and nobody else's to change until the transaction ends.</returns>
    public static Task<Specialization?> HoldSpecializationAsync(this ProfileDbContext db, Guid id, CancellationToken cancellationToken) =>
        db.Specializations.FromSql($"SELECT * FROM specializations WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancellationToken);
}
