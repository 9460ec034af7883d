using Explaino.IdentityService.Events;
using Explaino.ServiceDefaults.Authentication;
using NpgsqlTypes;

namespace Explaino.IdentityService.Users;

/// <summary>Somebody with an account. What must be unique, or is searched, has a second, lower-case column that its setter keeps.</summary>
public sealed class User
{
    public required Guid Id { get; init; }

    public required string Email
    {
        get;
        set
        {
            field = value;
            NormalizedEmail = Normalize(value);
        }
    }

    public string NormalizedEmail { get; private set; } = "";

    public required string Username
    {
        get;
        set
        {
            field = value;
            NormalizedUsername = Normalize(value);
        }
    }

    public string NormalizedUsername { get; private set; } = "";

    /// <summary>The hash, never the password.</summary>
    public required string Password { get; set; }

    /// <summary>Another one with every new password (not with a new hash of the same): a login that verified the former one comes to nothing.</summary>
    public required Guid PasswordStamp { get; set; }

    public string? FirstName
    {
        get;
        set
        {
            field = value;
            NormalizedFirstName = value is null ? null : Normalize(value);
        }
    }

    // This and the other are what the version before searches in (docs/adr/0022).
    public string? NormalizedFirstName { get; private set; }

    public string? LastName
    {
        get;
        set
        {
            field = value;
            NormalizedLastName = value is null ? null : Normalize(value);
        }
    }

    public string? NormalizedLastName { get; private set; }

    /// <summary>What the user is found by: the words of username and names (docs/adr/0043). A trigger fills it.</summary>
    public NpgsqlTsVector? Words { get; init; }

    public string? PhoneNumber { get; set; }

    public string? Bio { get; set; }

    public string? ProfileImage { get; set; }

    /// <summary>The version of the terms that they agreed to when they registered; null if they were not asked.</summary>
    public string? AcceptedTerms { get; init; }

    public bool EmailVerified { get; set; }

    public bool IsAdmin { get; set; }

    /// <summary>Until when nobody gets into the account; null or in the past: not suspended.</summary>
    public DateTimeOffset? SuspendedUntil { get; set; }

    public string? SuspensionReason { get; set; }

    /// <summary>Wrong mailed codes in a row, for as long as it takes until one is right.</summary>
    public int WrongCodes { get; set; }

    /// <summary>How many phone numbers were tried in the day that began then, taken ones included.</summary>
    public int PhoneNumberTries { get; init; }

    public DateTimeOffset? PhoneNumberTriesFrom { get; init; }

    /// <summary>Grows with every change, so that consumers of events can tell the later of two.</summary>
    public long Version { get; private set; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    public string[] Roles => IsAdmin ? [CurrentUser.AdminRole] : [];

    /// <summary>How email addresses, usernames and names are compared: whatever their case, in every place alike.</summary>
    public static string Normalize(string text) => text.ToLowerInvariant();

    /// <summary>To be called with every change.</summary>
    public void Touch(DateTimeOffset now)
    {
        Version++;
        UpdatedAt = now;
    }

    internal UserCreated ToCreated() => new(Id, Username, FirstName, LastName, Bio, ProfileImage, CreatedAt, Version);

    internal UserUpdated ToUpdated() => new(Id, Username, FirstName, LastName, Bio, ProfileImage, CreatedAt, Version, UpdatedAt);
}
