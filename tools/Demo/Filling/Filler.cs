using System.Collections.Concurrent;
using Explaino.Demo.Community;

namespace Explaino.Demo.Filling;

/// <summary>
/// Brings a community into a running system. What is there already is recognized: by a key that the API remembers, or by looking first where it knows
/// no keys, or forgets them after a day.
/// </summary>
internal sealed partial class Filler(Gateway gateway, CommunityPlan plan)
{
    private readonly ConcurrentDictionary<Person, Member> _members = new();
    private readonly ConcurrentDictionary<JobPost, string> _jobs = new();
    private Dictionary<string, string> _specializations = [];
    private Member _admin = null!;

    public Totals Totals { get; } = new();

    /// <param name="password">The administrator's: awards are theirs to give.</param>
    public async Task<IReadOnlyList<Stage>> BeginAsync(string email, string password, CancellationToken cancellationToken)
    {
        _admin = await Member.SignInAsync(gateway, email, password, cancellationToken);
        _specializations = (await _admin.ListAsync("/api/specializations", cancellationToken))
            .ToDictionary(item => (string)item["name"]!, item => (string)item["id"]!);
        return
        [
            Stage.Of("People", plan.People, SignUpAsync),
            Stage.Of("Profiles", plan.People, FillProfileAsync),
            Stage.Of("Job posts", plan.Posts, PostJobAsync),
            Stage.Of("Likes and comments", [.. plan.Reactions.GroupBy(reaction => reaction.Post)], ReactAsync),
            Stage.Of("Conversations", plan.Conversations, TalkAsync),
            Stage.Of("Groups", plan.Groups, TalkInGroupAsync),
            Stage.Of("Awards", [.. plan.Awards.GroupBy(award => award.Receiver)], AwardAsync),
            Stage.Of("Transfers", [.. plan.Transfers.GroupBy(transfer => transfer.Sender)], TransferAsync),
        ];
    }
}
