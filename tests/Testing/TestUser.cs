namespace Explaino.Testing;

/// <summary>Somebody who is signed in, as an access token describes him.</summary>
public sealed record TestUser(Guid Id, string Username, Guid SessionId, params string[] Roles)
{
    public static TestUser New(string username = "somebody") => new(Guid.CreateVersion7(), username, Guid.CreateVersion7());

    public static TestUser Admin(string username = "administrator") =>
        new(Guid.CreateVersion7(), username, Guid.CreateVersion7(), "admin");
}
