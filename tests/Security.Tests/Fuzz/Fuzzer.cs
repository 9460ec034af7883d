using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Explaino.Testing.Documents;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Sends requests that nearly fit, several at a time, and collects what the answers get wrong.</summary>
internal sealed class Fuzzer(SecuritySystem system, int seed)
{
    private const int Crowd = 8;
    private const int MaximumComplaints = 40;

    public ConcurrentQueue<string> Complaints { get; } = new();

    public ConcurrentDictionary<int, int> Statuses { get; } = new();

    /// <param name="door">What they are sent through; a proxy in the tests of this itself.</param>
    public async Task RunAsync(int requests, HttpMessageHandler door)
    {
        var operations = await system.OperationsAsync();
        var rules = new ResponseRules([.. operations.Select(operation => operation.Document).Distinct()]);
        var actors = Enumerable.Range(0, Crowd).Select(_ => new Actor(system)).ToList();
        foreach (var actor in actors)
        {
            await actor.EnterAsync();
        }

        using var client = new HttpMessageInvoker(door);
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = Crowd }, async (number, cancellationToken) =>
        {
            if (Complaints.Count < MaximumComplaints)
            {
                var random = new Random(unchecked((seed * 1_000_003) + number));
                await TryAsync(client, operations[random.Next(operations.Count)], actors[number % Crowd], actors, random, rules, cancellationToken);
            }
        });
    }

    private async Task TryAsync(
        HttpMessageInvoker client, Operation operation, Actor actor, List<Actor> actors, Random random, ResponseRules rules, CancellationToken cancellationToken)
    {
        var token = actor.Token;
        var (request, words) = new RequestMaker(operation, random, actor, actors).Make(system.Gateway.BaseAddress!);
        using var sent = request;
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            Statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
            foreach (var complaint in await Verdict.OfAsync(operation, request, response, rules))
            {
                Complaints.Enqueue($"{complaint}\n    to {words}\n    {await BeginningAsync(response)}");
            }

            await RememberAsync(actor, operation, response);
            if (response.StatusCode == HttpStatusCode.Unauthorized && request.Headers.Authorization is not null)
            {
                await actor.RenewAsync(token);
            }
        }
        catch (HttpRequestException e)
        {
            Complaints.Enqueue($"no answer ({e.Message})\n    to {words}");
        }
    }

    private static async Task RememberAsync(Actor actor, Operation operation, HttpResponseMessage response)
    {
        if (response.Headers.Location is { } location)
        {
            actor.Remember(location.IsAbsoluteUri ? location.AbsolutePath : location.OriginalString);
        }
        else if (response.StatusCode == HttpStatusCode.OK && response.RequestMessage!.Method == HttpMethod.Get && response.Content.Headers.ContentType?.MediaType == "application/json"
            && JsonNode.Parse(await response.Content.ReadAsStringAsync()) is JsonObject list && list["items"] is JsonArray { Count: > 0 } items)
        {
            if (items[0] is JsonObject first && (string?)first["id"]?.ToString() is { } id)
            {
                actor.Remember($"{response.RequestMessage.RequestUri!.AbsolutePath.TrimEnd('/')}/{id}");
            }
        }
    }

    private static async Task<string> BeginningAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return text[..Math.Min(text.Length, 500)];
    }
}
