using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Trust.Tests.Events;

/// <summary>Lives of people as events tell them: created, changed twice, rewarded, every fourth one deleted.</summary>
internal sealed class Histories
{
    private Histories(int people)
    {
        var start = DateTimeOffset.Parse("2026-11-22T10:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        var before = Guid.Empty;
        void Block(string name, Guid id, int version) => Blocked.Add(Event(name, id, message =>
        {
            message["blockedUserId"] = before;
            message["version"] = version;
        }));
        for (var number = 0; number < people; number++)
        {
            var id = Guid.CreateVersion7();
            string Time(int minutes) => start.AddMinutes(minutes).UtcDateTime.ToString("O");
            Created.Add(Event("user-created.v1", id, message => message["username"] = $"user{number:D6}"));
            for (var version = 2; version <= 3; version++)
            {
                Updated.Add(Event("user-updated.v1", id, message =>
                {
                    message["username"] = $"user{number:D6}";
                    message["firstName"] = $"Name {version}";
                    message["version"] = version;
                    message["updatedAt"] = Time(version);
                }));
            }

            for (var award = 0; award < 2; award++)
            {
                Awarded.Add(Event("points-awarded.v1", id, message =>
                {
                    message["eventId"] = Guid.CreateVersion7();
                    message["amount"] = 10 + award;
                }));
            }

            Revoked.Add(Event("session-revoked.v1", id, message =>
            {
                message["sessionId"] = Guid.CreateVersion7();
                message["expiresAt"] = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O");
            }));
            // Each blocks the one before; every second one thinks better of it, and every sixth again.
            if (number > 0)
            {
                Block("user-blocked.v1", id, 1);
                if (number % 2 == 0)
                {
                    Block("user-unblocked.v1", id, 2);
                }

                if (number % 6 == 0)
                {
                    Block("user-blocked.v1", id, 3);
                }
            }

            before = id;
            if (number % 4 == 0)
            {
                Deleted.Add(Event("user-deleted.v1", id, message => message["deletedAt"] = Time(10)));
            }
        }
    }

    public List<StoredEvent> Created { get; } = [];

    public List<StoredEvent> Updated { get; } = [];

    public List<StoredEvent> Awarded { get; } = [];

    public List<StoredEvent> Revoked { get; } = [];

    public List<StoredEvent> Blocked { get; } = [];

    public List<StoredEvent> Deleted { get; } = [];

    public IReadOnlyList<StoredEvent> All => [.. Created, .. Updated, .. Awarded, .. Revoked, .. Blocked, .. Deleted];

    public static Histories Of(int people) => new(people);

    private static StoredEvent Event(string name, Guid userId, Action<JsonObject> change)
    {
        var message = EventDocuments.Example(name);
        message["userId"] = userId;
        change(message);
        return new(name, message, Guid.CreateVersion7());
    }
}
