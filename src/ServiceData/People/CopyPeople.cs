using Explaino.ServiceData.Resync;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.People;

/// <summary>Keeps the service's copy of people up to date, in groups that share a commit (docs/adr/0059): an older version never overwrites a newer one.</summary>
public sealed class CopyPeople(GroupCommit<UserUpdated> people) : IConsumer<UserCreated>, IConsumer<UserUpdated>
{
    public Task Consume(ConsumeContext<UserCreated> context)
    {
        var user = context.Message;
        return people.WriteAsync(
            new(user.UserId, user.Username, user.FirstName, user.LastName, user.Bio, user.ProfileImage, user.CreatedAt, user.Version), context.CancellationToken);
    }

    public Task Consume(ConsumeContext<UserUpdated> context) => people.WriteAsync(context.Message, context.CancellationToken);
}

public static class PeopleRegistration
{
    private const int LargestGroup = 100;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Registers <see cref="CopyPeople"/> on the queue <c>&lt;service&gt;.people</c>, and the verb <c>resync people</c>.</summary>
    public static void AddPeople<TContext>(this IBusRegistrationConfigurator bus, string service) where TContext : DbContext
    {
        bus.AddGroupCommit<TContext, UserUpdated>((db, users) => db.ApplyAsync(users), LargestGroup, Pace);
        bus.AddConsumer<CopyPeople>().Endpoint(endpoint =>
        {
            endpoint.Name = $"{service}.people";
            endpoint.PrefetchCount = LargestGroup;
        });
        bus.AddResync<TContext>(ResyncPeople.RunAsync<TContext>);
    }
}

/// <summary>Identity's event as copies of people read it; see docs/events/user-created.v1.json.</summary>
[MessageUrn("explaino:user-created:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-created.v1")]
public sealed record UserCreated(
    Guid UserId, string Username, string? FirstName, string? LastName, string? Bio, string? ProfileImage, DateTimeOffset CreatedAt, long Version);

/// <summary>Identity's event as copies of people read it; see docs/events/user-updated.v1.json.</summary>
[MessageUrn("explaino:user-updated:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-updated.v1")]
public sealed record UserUpdated(
    Guid UserId, string Username, string? FirstName, string? LastName, string? Bio, string? ProfileImage, DateTimeOffset CreatedAt, long Version);

/// <summary>Identity's event: what of the user a service removes is its own to say; see docs/events/user-deleted.v1.json.</summary>
[MessageUrn("explaino:user-deleted:v1", useDefaultPrefix: false)]
[EntityName("explaino.user-deleted.v1")]
public sealed record UserDeleted(Guid UserId, DateTimeOffset DeletedAt);
