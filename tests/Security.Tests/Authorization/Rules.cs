namespace Explaino.Security.Tests.Authorization;

/// <summary>The few ways in which the contract gives access, named.</summary>
internal static class Rules
{
    public static readonly Func<TestActors, Task<Target>> Nothing = _ => Task.FromResult(new Target());

    /// <summary>Open to anyone.</summary>
    public static Expected Anyone(int status) => new(status, status, null, null, status, status);

    /// <summary>Any valid token: what it acts on is the caller's own, or everybody's to see.</summary>
    public static Expected User(int status) => new(401, status, null, null, status, status);

    /// <summary>The role <c>admin</c> alone.</summary>
    public static Expected Admin(int status) => new(401, 403, null, null, 403, status);

    /// <summary>Whose it is; others are told that there is no such thing (404) or that it is not theirs (403).</summary>
    public static Expected Own(int owner, int stranger, int? admin = null) => new(401, stranger, null, null, owner, admin ?? stranger);

    /// <summary>The two of a chat; even an admin does not see that it exists.</summary>
    public static Expected Chat(int owner, int peer) => new(401, 404, peer, null, owner, 404);

    /// <summary>Those of a group by their role in it; even an admin of the system does not see that it exists.</summary>
    public static Expected Group(int owner, int admin, int member) => new(401, 404, member, admin, owner, 404);

    public static Row Row(string operation, Expected expected, Func<TestActors, Task<Target>>? prepare = null) => new(operation, expected, prepare ?? Nothing);

    public static Row Row(string operation, Expected expected, object body) => new(operation, expected, _ => Task.FromResult(new Target(body)));

    public static Row Row(string operation, Expected expected, Func<object> body) => new(operation, expected, _ => Task.FromResult(new Target(body())));
}
