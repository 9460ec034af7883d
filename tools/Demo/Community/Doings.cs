namespace Explaino.Demo.Community;

/// <summary>A job post with the numbers of its pictures.</summary>
internal sealed record JobPost(
    Person Author,
    string Title,
    string Description,
    string EmploymentType,
    string Workplace,
    IReadOnlyList<string> Tags,
    int Pictures)
{
    public string Name => $"post of {Author.Username}";
}

/// <summary>What somebody has to say about the posts of others.</summary>
internal sealed record Reaction(Person Person, JobPost Post, string? Comment);

/// <param name="Lines">Who says what, in order.</param>
internal sealed record Conversation(Person Starter, Person Peer, IReadOnlyList<(Person Sender, string Text)> Lines, bool IsRead);

/// <param name="Others">All but the owner.</param>
internal sealed record Group(Person Owner, string Name, IReadOnlyList<Person> Others, IReadOnlyList<(Person Sender, string Text)> Lines);

/// <summary>Points from the admin.</summary>
internal sealed record Award(Person Receiver, int Amount, string Reason);

/// <summary>Points of one's own.</summary>
internal sealed record Transfer(Person Sender, Person Receiver, int Amount, string Reason);
