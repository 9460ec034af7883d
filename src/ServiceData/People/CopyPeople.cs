using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ServiceData.People;

/// <summary>Keeps the service's copy of people up to date: an older version never overwrites a newer one.</summary>
public sealed class CopyPeople<TContext>(TContext db) : IConsumer<UserCreated>, IConsumer<UserUpdated>
    where TContext : DbContext
{
    public Task Consume(ConsumeContext<UserCreated> context)
    {
        var user = context.Message;
        return PeopleCopy.ApplyAsync(
            db,
            new UserUpdated(user.UserId, user.Username, user.FirstName, user.LastName, user.Bio, user.ProfileImage, user.CreatedAt, user.Version),
            context.CancellationToken);
    }

    public Task Consume(ConsumeContext<UserUpdated> context) => PeopleCopy.ApplyAsync(db, context.Message, context.CancellationToken);
}

public static class PeopleRegistration
{
    /// <summary>Registers <see cref="CopyPeople{TContext}"/> on the queue <c>&lt;service&gt;.people</c>.</summary>
    public static void AddPeople<TContext>(this IBusRegistrationConfigurator bus, string service) where TContext : DbContext =>
        bus.AddConsumer<CopyPeople<TContext>>().Endpoint(endpoint => endpoint.Name = $"{service}.people");
}
