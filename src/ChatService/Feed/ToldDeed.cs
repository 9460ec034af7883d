using System.Security.Cryptography;
using System.Text;
using Explaino.ChatService.Events;
using Explaino.ServiceData.Postgres;

namespace Explaino.ChatService.Feed;

/// <summary>What somebody is told that another did: the event, in the words of the feed's tables.</summary>
/// <param name="SubjectKey">What makes two deeds one entry.</param>
/// <param name="ActorId">Empty of a deed that nobody did.</param>
internal sealed record ToldDeed(Guid UserId, FeedKind Kind, string SubjectKey, Guid ActorId, PersonNotified Event)
{
    private const int LongestKey = 300;

    public static ToldDeed Of(PersonNotified told)
    {
        var kind = KindOf(told.Kind);
        return new(told.RecipientId, kind, KeyOf(kind, told), told.ActorId ?? Guid.Empty, told);
    }

    public DateTimeOffset OccurredAt => Event.OccurredAt;

    public bool IsWithdrawal => Event.Withdrawn == true;

    private static FeedKind KindOf(string word) => Enum.GetValues<FeedKind>().FirstOrDefault(kind => WordConversion.WordOf(kind) == word, FeedKind.Other);

    /// <summary>Of points those of one person are one entry, of everything else what is about one thing.</summary>
    private static string KeyOf(FeedKind kind, PersonNotified told)
    {
        if (kind == FeedKind.PointsReceived)
        {
            return $"{told.ActorId}";
        }

        // It stands in an index, which takes no text of any length.
        var key = string.Join(' ', told.Subject.OrderBy(id => id.Key, StringComparer.Ordinal).Select(id => $"{id.Key}={id.Value}"));
        return key.Length <= LongestKey ? key : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
    }
}
