using System.Globalization;
using Explaino.ChatService.Data;

namespace Explaino.ChatService.Feed;

/// <summary>The rules by which deeds become notifications, over what is held in one transaction.</summary>
/// <remarks>Of one person's deeds about one thing the latest counts. One that is already in the unread entry adds nobody.</remarks>
internal sealed class FeedChanges(
    ChatDbContext db, IReadOnlyDictionary<Guid, PersonFeed> feeds, IEnumerable<FeedDeed> deeds, IEnumerable<FeedEntry> unread, TimeProvider clock)
{
    public const int ActorsShown = 3;

    private readonly Dictionary<(Guid, FeedKind, string, Guid), FeedDeed> _deeds = deeds.ToDictionary(deed => (deed.UserId, deed.Kind, deed.SubjectKey, deed.ActorId));
    private readonly Dictionary<(Guid, FeedKind, string), FeedEntry> _unread = unread.ToDictionary(entry => (entry.UserId, entry.Kind, entry.SubjectKey));
    private readonly HashSet<Guid> _recipients = [];
    private readonly HashSet<Guid> _withLessUnread = [];
    private readonly HashSet<FeedEntry> _renewed = [];
    private readonly HashSet<Guid> _shrunk = [];

    /// <summary>Whose notifications changed.</summary>
    public IReadOnlyCollection<Guid> Recipients => _recipients;

    /// <summary>Whose unread entry went, because nobody is left in it.</summary>
    public IReadOnlyCollection<Guid> WithLessUnread => _withLessUnread;

    /// <summary>Entries that tell something new.</summary>
    public IReadOnlyCollection<FeedEntry> Renewed => _renewed;

    /// <summary>Entries of which somebody took their part back.</summary>
    public IReadOnlyCollection<Guid> Shrunk => _shrunk;

    public void Apply(ToldDeed told)
    {
        var key = (told.UserId, told.Kind, told.SubjectKey, told.ActorId);
        if (!_deeds.TryGetValue(key, out var deed))
        {
            deed = new() { UserId = told.UserId, Kind = told.Kind, SubjectKey = told.SubjectKey, ActorId = told.ActorId, OccurredAt = told.OccurredAt };
            _deeds.Add(key, deed);
            db.FeedDeeds.Add(deed);
        }
        else if (deed.OccurredAt >= told.OccurredAt && (deed.Withdrawn || told.IsWithdrawal))
        {
            return;
        }

        deed.OccurredAt = Later(told.OccurredAt, deed.OccurredAt);
        var entry = _unread.GetValueOrDefault((told.UserId, told.Kind, told.SubjectKey));
        var changed = told.IsWithdrawal ? Withdraw(deed, entry) : Add(deed, entry, told);
        deed.Withdrawn = told.IsWithdrawal;
        if (changed)
        {
            _recipients.Add(told.UserId);
        }
    }

    private bool Add(FeedDeed deed, FeedEntry? entry, ToldDeed told)
    {
        var feed = feeds[told.UserId];
        if (entry is null)
        {
            entry = NewEntry(++feed.LastSeq, told);
            feed.Unread++;
        }
        else
        {
            var isIn = deed.EntryId == entry.Id && !deed.Withdrawn;
            if (isIn && deed.Kind == FeedKind.JobLike)
            {
                // The same like, told again under another id.
                return false;
            }

            entry.Seq = ++feed.LastSeq;
            entry.Count += isIn ? 0 : 1;
            entry.Actors = Latest(deed.ActorId, entry.Actors);
            entry.Params = Merged(deed.Kind, entry.Params, told.Event.Params ?? []);
            entry.Subject = told.Event.Subject;
            entry.CreatedAt = Later(told.OccurredAt, entry.CreatedAt);
        }

        deed.EntryId = entry.Id;
        _renewed.Add(entry);
        return true;
    }

    private FeedEntry NewEntry(long seq, ToldDeed told)
    {
        var entry = new FeedEntry
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            UserId = told.UserId,
            Seq = seq,
            Kind = told.Kind,
            SubjectKey = told.SubjectKey,
            Subject = told.Event.Subject,
            Params = told.Event.Params ?? [],
            Actors = Latest(told.ActorId, []),
            Count = 1,
            CreatedAt = told.OccurredAt,
        };
        db.FeedEntries.Add(entry);
        _unread.Add((entry.UserId, entry.Kind, entry.SubjectKey), entry);
        return entry;
    }

    private bool Withdraw(FeedDeed deed, FeedEntry? entry)
    {
        // What was read already stays as it was, and of two withdrawals one counts.
        if (entry is null || deed.Withdrawn || deed.EntryId != entry.Id)
        {
            return false;
        }

        entry.Count--;
        if (entry.Count > 0)
        {
            _shrunk.Add(entry.Id);
            return true;
        }

        db.FeedEntries.Remove(entry);
        _unread.Remove((entry.UserId, entry.Kind, entry.SubjectKey));
        _renewed.Remove(entry);
        _shrunk.Remove(entry.Id);
        feeds[entry.UserId].Unread--;
        _withLessUnread.Add(entry.UserId);
        return true;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static Guid[] Latest(Guid actorId, Guid[] others) => actorId == Guid.Empty ? others : [.. others.Where(other => other != actorId).Prepend(actorId).Take(ActorsShown)];

    /// <summary>Points add up; of everything else the latest is told.</summary>
    private static Dictionary<string, string> Merged(FeedKind kind, Dictionary<string, string> before, Dictionary<string, string> now) =>
        kind == FeedKind.PointsReceived && AmountIn(before) is { } had && AmountIn(now) is { } got
            ? new(now) { ["amount"] = (had + got).ToString(CultureInfo.InvariantCulture) }
            : now;

    private static long? AmountIn(Dictionary<string, string> texts) =>
        long.TryParse(texts.GetValueOrDefault("amount"), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : null;
}
