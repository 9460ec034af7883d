namespace Explaino.Testing.Histories;

/// <summary>What one client did to one object, and what it was told, between two moments: at some moment between them it came to pass, if it did.</summary>
/// <typeparam name="TState">What the object is.</typeparam>
/// <param name="Text">For whoever reads a complaint.</param>
/// <param name="Called">When it began, as a timestamp.</param>
/// <param name="Returned">When its answer came; null if none did: it may have come to pass at any time since, or never.</param>
/// <param name="Apply">What becomes of the object by it; null where its answer would have been another one.</param>
public sealed record Operation<TState>(string Text, long Called, long? Returned, Func<TState, TState?> Apply) where TState : class;
