namespace Explaino.ProfileService.Collections;

/// <summary>One of at most 100 things of a kind that a person lists, in an order of their own.</summary>
internal abstract class CollectionItem
{
    public Guid Id { get; init; }

    public Guid UserId { get; init; }

    /// <summary>0 to 99 without gaps; that it is unique and below 100 is what limits a collection.</summary>
    public short Position { get; init; }
}

/// <summary>An item that is written as a <typeparamref name="TRequest"/> and read as a <typeparamref name="TResponse"/>.</summary>
internal abstract class CollectionItem<TRequest, TResponse> : CollectionItem
{
    public abstract void Apply(TRequest request);

    public abstract TResponse ToResponse();
}
