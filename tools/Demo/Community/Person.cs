using Explaino.Demo.Texts;

namespace Explaino.Demo.Community;

/// <summary>Somebody of the community.</summary>
/// <param name="Number">Who came when: everybody deals only with people who were there before.</param>
/// <param name="Topic">What this person explains.</param>
internal sealed record Person(
    int Number,
    string FirstName,
    string LastName,
    string Username,
    Culture Culture,
    Profession Profession,
    string City,
    string Company,
    string Topic)
{
    /// <summary>Marked as what it is, the same for all, and public: only for systems that nobody needs to trust.</summary>
    public const string Password = "Demo-Passw0rd!";

    public string Email => $"{Username}@example.org";

    public string Title => Profession.Title;

    public string FullName => $"{FirstName} {LastName}";

    /// <summary>What texts of one person can name.</summary>
    public Dictionary<string, string> Words() => new()
    {
        ["title"] = Title,
        ["role"] = Profession.Role,
        ["city"] = City,
        ["company"] = Company,
        ["topic"] = Topic,
    };

    /// <summary>What texts between two can name: this person is <c>a</c>, and <c>b</c>'s words have no prefix.</summary>
    public Dictionary<string, string> WordsTo(Person other) => new(other.Words())
    {
        ["a"] = FirstName,
        ["b"] = other.FirstName,
        ["a_title"] = Title,
        ["a_role"] = Profession.Role,
        ["a_city"] = City,
        ["a_company"] = Company,
        ["a_topic"] = Topic,
    };
}
