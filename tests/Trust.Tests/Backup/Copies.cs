using Explaino.Testing;

namespace Explaino.Trust.Tests.Backup;

/// <summary>The checker of copies: everybody whom Identity knows is known everywhere as they are, and nobody else is.</summary>
internal static class Copies
{
    private const string Members = "(username, first_name, last_name, bio, profile_image, created_at, version)::text";

    public static async Task<IReadOnlyList<string>> ComplaintsAsync(ArchivedSystem system)
    {
        var users = await system.ReadAsync(Service.Identity, $"SELECT id || {Members} FROM users");
        var complaints = new List<string>();
        foreach (var service in (Service[])[Service.Profile, Service.Jobs, Service.Chat])
        {
            complaints.AddRange(Differences(service, users, await system.ReadAsync(service, $"SELECT id || {Members} FROM people WHERE deleted_at IS NULL")));
        }

        var ids = await system.ReadAsync(Service.Identity, "SELECT id::text FROM users");
        return [.. complaints, .. Differences(Service.Wallet, ids, await system.ReadAsync(Service.Wallet, "SELECT user_id::text FROM points_wallets"))];
    }

    private static IEnumerable<string> Differences(Service service, IReadOnlyList<string> users, IReadOnlyList<string> copies) =>
        [.. users.Except(copies).Select(user => $"{service.Name} does not have {user}"), .. copies.Except(users).Select(copy => $"{service.Name} has {copy}")];
}
