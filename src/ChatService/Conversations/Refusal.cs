using System.Diagnostics.CodeAnalysis;
using Explaino.ServiceData.Moderation;
using Explaino.ServiceDefaults.Authentication;

namespace Explaino.ChatService.Conversations;

/// <summary>Refusal: why something is not done, as HTTP and the hub each put it into a form of their own.</summary>
/// <param name="Kind">What HTTP makes its status of.</param>
/// <param name="Code">Stable; clients branch on it.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record Refusal(RefusalKind Kind, string Code, string Detail)
{
    /// <summary>The member of the request that is wrong, where it is one.</summary>
    public string? Member { get; init; }

    /// <summary>Which rule that member breaks, where the code says more than that it is invalid.</summary>
    public string? Rule { get; init; }

    /// <summary>When it may be different; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static Refusal ConversationNotFound(Conversation conversation) =>
        new(RefusalKind.NotFound, conversation.Kind.NotFoundCode, "There is no such conversation, or you are not in it.");

    public static Refusal MessageNotFound { get; } = new(RefusalKind.NotFound, "message_not_found", "There is no such message in this conversation.");

    public static Refusal MessageDeleted { get; } = new(RefusalKind.Conflict, "message_deleted", "The message has been deleted.");

    public static Refusal AccountDeleted { get; } = new(RefusalKind.Unauthenticated, "unauthenticated", "The account has been deleted.");

    /// <summary>Does not tell who blocked whom.</summary>
    public static Refusal NotReachable { get; } = new(RefusalKind.Conflict, "not_reachable", "One of the two has blocked the other.");

    public static Refusal EmailNotVerified { get; } = new(RefusalKind.Forbidden, VerifiedWriting.Refused, VerifiedWriting.Detail);

    public static Refusal ContentNotAllowed { get; } = new(RefusalKind.Invalid, ContentTerms.Refused, ContentTerms.Detail) { Member = "content", Rule = "not_allowed" };

    public static Refusal PreconditionFailed { get; } =
        new(RefusalKind.PreconditionFailed, "precondition_failed", "It has changed since: the ETag in If-Match is not the current one.");

    public static Refusal Invalid(string member, string sentence) => new(RefusalKind.Invalid, "validation_failed", sentence) { Member = member };
}

internal enum RefusalKind
{
    Invalid,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    PreconditionFailed,
}

/// <summary>Result: what was asked for, or why not.</summary>
internal readonly record struct Result<T>(T? Value, Refusal? Refusal)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Refusal is null;

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(null, refusal);
}
