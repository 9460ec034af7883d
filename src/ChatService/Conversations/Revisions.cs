namespace Explaino.ChatService.Conversations;

/// <summary>
/// Revision: differs whenever anything of a conversation does that is not a message. Put together from numbers that only grow, so that nothing is written for it: of read markers
/// the sum is enough, because who is in is numbered itself.
/// </summary>
internal static class Revisions
{
    // What may be null comes last, where it leaves nothing ambiguous.
    private const string Settings = "me.pinned::int, me.archived::int, extract(epoch FROM me.muted_until)";

    /// <summary>Of a chat, whose members are <c>me</c> and <c>peer</c>; the peer is the <c>person</c>.</summary>
    public const string OfChat = "concat_ws('-', me.read_seq, peer.read_seq, person.version, (person.deleted_at IS NOT NULL)::int, " + Settings + ")";

    /// <summary>Of a group, <c>mine</c>, in which one is <c>me</c>.</summary>
    public const string OfGroup = "concat_ws('-', mine.revision, (SELECT sum(read_seq) FROM group_chat_participants AS someone WHERE someone.group_id = mine.group_id), " + Settings + ")";
}
