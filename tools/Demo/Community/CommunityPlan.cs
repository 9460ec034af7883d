using Explaino.Demo.Texts;

namespace Explaino.Demo.Community;

/// <summary>
/// Who does what. Everybody deals only with people who came before, so that whatever a small community does, a bigger one does too, and filling a
/// system with more people adds to what is there.
/// </summary>
internal sealed class CommunityPlan
{
    private const int GroupSize = 8;

    public CommunityPlan(int count)
    {
        People = Population.First(count);
        Posts = [.. People.Where(person => new Draw($"posts? {person.Number}").Chance(0.35)).Select(PostOf)];
        Reactions = [.. People.SelectMany(ReactionsOf)];
        Conversations = [.. People.SelectMany(ConversationsOf)];
        Groups = [.. People.Where(person => person.Number % GroupSize == GroupSize - 1).Select(GroupOf)];
        Awards = [.. People.SelectMany(AwardsOf)];
        Transfers = [.. People.SelectMany(TransfersOf)];
    }

    public IReadOnlyList<Person> People { get; }

    public IReadOnlyList<JobPost> Posts { get; }

    public IReadOnlyList<Reaction> Reactions { get; }

    public IReadOnlyList<Conversation> Conversations { get; }

    public IReadOnlyList<Group> Groups { get; }

    public IReadOnlyList<Award> Awards { get; }

    public IReadOnlyList<Transfer> Transfers { get; }

    private static JobPost PostOf(Person person)
    {
        var draw = new Draw($"post {person.Number}");
        var isJob = draw.Chance(0.6);
        var text = person.Profession.Posts[isJob ? 0 : 1];
        return new JobPost(
            person,
            Template.Fill(text[0], person.Words()),
            Template.Fill(text[1], person.Words()),
            isJob ? draw.One(["full_time", "full_time", "part_time", "contract"]) : draw.One(["volunteer", "other"]),
            draw.One(["remote", "hybrid", "on_site"]),
            [.. draw.Some(3, [.. person.Profession.TechStack, .. person.Profession.Skills]).Select(tag => tag.ToLowerInvariant())],
            draw.Chance(0.6) ? draw.Between(1, 2) : 0);
    }

    /// <summary>Each at most once for a post: a like, or a like and a comment.</summary>
    private IEnumerable<Reaction> ReactionsOf(Person person)
    {
        var draw = new Draw($"reactions {person.Number}");
        var earlier = Posts.TakeWhile(post => post.Author.Number < person.Number).ToArray();
        return draw.Some(draw.Between(2, 12), earlier).Select(post => new Reaction(
            person, post, draw.Chance(0.3) ? Template.Fill(draw.One(TextFiles.Talk.Comments), person.WordsTo(post.Author)) : null));
    }

    private IEnumerable<Conversation> ConversationsOf(Person person)
    {
        var draw = new Draw($"conversations {person.Number}");
        return draw.Some(draw.Between(1, 2), Before(person)).Select(peer => new Conversation(
            person,
            peer,
            [.. draw.One(TextFiles.Talk.Conversations).Select((line, index) => (index % 2 == 0 ? person : peer, Template.Fill(line, person.WordsTo(peer))))],
            IsRead: draw.Chance(0.7)));
    }

    /// <summary>The last of each eight gathers the other seven, and some who were there before them.</summary>
    private Group GroupOf(Person owner)
    {
        var draw = new Draw($"group {owner.Number}");
        var number = owner.Number / GroupSize;
        var talk = TextFiles.Talk.Groups[number % TextFiles.Talk.Groups.Length];
        var newcomers = People.Skip(owner.Number - GroupSize + 1).Take(GroupSize - 1);
        Person[] others = [.. newcomers, .. draw.Some(draw.Between(0, 8), People.Take(owner.Number - GroupSize + 1).ToArray())];
        Person[] speakers = [owner, .. others];
        var words = new Dictionary<string, string> { ["0"] = owner.FirstName };
        return new Group(
            owner,
            number < TextFiles.Talk.Groups.Length ? talk.Name : $"{talk.Name}, {owner.City}",
            others,
            [.. talk.Lines.Select(line => (speakers[line[0] - '0'], Template.Fill(line[3..], words)))]);
    }

    private static IEnumerable<Award> AwardsOf(Person person)
    {
        var draw = new Draw($"awards {person.Number}");
        yield return new Award(person, 100, "Welcome to Explaino");
        if (draw.Chance(0.25))
        {
            yield return new Award(person, 25 * draw.Between(1, 8), Template.Fill(draw.One(TextFiles.Talk.Awards), person.WordsTo(person)));
        }
    }

    /// <summary>Never more than the welcome award brought.</summary>
    private IEnumerable<Transfer> TransfersOf(Person person)
    {
        var draw = new Draw($"transfers {person.Number}");
        return draw.Some(draw.Between(0, 2), Before(person)).Select(receiver => new Transfer(
            person, receiver, 5 * draw.Between(1, 8), Template.Fill(draw.One(TextFiles.Talk.Transfers), person.WordsTo(receiver))));
    }

    private Person[] Before(Person person) => [.. People.Take(person.Number)];
}
