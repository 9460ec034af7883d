using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Explaino.ServiceData.Resync;

public static class ResyncRegistration
{
    /// <summary>Adds the verb <c>resync people</c>, and the <see cref="InitialLoad"/> that does the same once in a database's life.</summary>
    /// <param name="run">Compares what this service keeps of people, and puts it right.</param>
    public static void AddResync<TContext>(this IServiceCollection services, Func<IServiceProvider, CancellationToken, Task<ResyncReport>> run)
        where TContext : DbContext
    {
        services.AddServiceClient<IdentityPeople>("identity");
        services.AddSingleton<IHostedService>(provider => ActivatorUtilities.CreateInstance<InitialLoadWorker<TContext>>(provider, run));
        services.AddServiceCommand(
            "resync", "Hold what is kept of people against Identity, and put it right: resync people.",
            async (scope, arguments, cancellationToken) => arguments is ["people"] ? (await run(scope, cancellationToken)).Print() : await RefuseAsync(),
            arguments => arguments is ["people"] ? "resync_people" : null);
    }

    private static async Task<int> RefuseAsync()
    {
        await Console.Error.WriteLineAsync("usage: resync people");
        return 2;
    }
}
