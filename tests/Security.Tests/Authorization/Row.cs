namespace Explaino.Security.Tests.Authorization;

/// <summary>Who asks.</summary>
public enum Who
{
    Nobody,
    Stranger,

    /// <summary>Has a part in it, but not the owner's: takes part in the group, is the chat's peer, wrote the job that is commented on.</summary>
    Participant,
    GroupAdmin,
    Owner,
    Admin,
}

/// <summary>The status that each person gets; null where nobody stands in that relation to the thing.</summary>
public sealed record Expected(int? Nobody, int? Stranger, int? Participant, int? GroupAdmin, int? Owner, int? Admin)
{
    public int? For(Who who) => who switch
    {
        Who.Nobody => Nobody,
        Who.Stranger => Stranger,
        Who.Participant => Participant,
        Who.GroupAdmin => GroupAdmin,
        Who.Owner => Owner,
        Who.Admin => Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(who)),
    };
}

/// <summary>What a call is tried on, made anew for every try: the parameters of the path, and the body.</summary>
public sealed record Target(object? Body = null, params (string Name, object Value)[] Path)
{
    public string PathOf(string template) => Path.Aggregate(template, (path, parameter) => path.Replace($"{{{parameter.Name}}}", parameter.Value.ToString()));
}

/// <summary>One line of the matrix: an operation, what everybody gets, and how its object comes to be.</summary>
public sealed record Row(string Operation, Expected Expected, Func<TestActors, Task<Target>> Prepare)
{
    public string Method => Operation.Split(' ')[0];

    public string Path => Operation.Split(' ')[1];

    /// <summary>Open to anyone: a token makes no difference, not even a bad one.</summary>
    public bool IsAnonymous => Expected.Nobody != 401;
}
