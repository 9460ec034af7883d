using Explaino.ServiceDefaults;
using Explaino.ServiceDefaults.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Explaino.ServiceData.Resync;

/// <summary>What <c>resync people</c> did, and what it leaves to a human: it never deletes anybody, nor brings anybody back.</summary>
public sealed class ResyncReport
{
    private int _people;
    private int _mended;
    private int _left;

    /// <param name="mended">How many copies of them were put right.</param>
    public void Compared(int people, int mended) => (_people, _mended) = (_people + people, _mended + mended);

    /// <summary>Somebody who registered after the moment to which Identity was restored.</summary>
    public void UnknownToIdentity(Guid id) => Leave($"{id} is unknown to Identity");

    /// <summary>Somebody who deleted their account after the moment to which Identity was restored.</summary>
    public void DeletedHereOnly(Guid id) => Leave($"{id} is deleted here, and not in Identity");

    /// <returns>The exit code.</returns>
    public int Print()
    {
        Console.WriteLine($"resync: {_people} people compared with Identity, {_mended} put right, {(_left == 0 ? "right" : $"{_left} left to you")}");
        return _left == 0 ? 0 : 1;
    }

    private void Leave(string what)
    {
        _left++;
        Console.WriteLine(what);
    }
}

public static class ResyncRegistration
{
    /// <summary>Adds the verb <c>resync people</c>.</summary>
    /// <param name="run">Compares what this service keeps of people, and puts it right.</param>
    public static void AddResync(this IServiceCollection services, Func<IServiceProvider, CancellationToken, Task<ResyncReport>> run)
    {
        services.AddServiceClient<IdentityPeople>("identity");
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
