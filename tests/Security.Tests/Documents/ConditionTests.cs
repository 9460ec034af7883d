using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Explaino.Security.Tests.Authorization;

namespace Explaino.Security.Tests.Documents;

/// <summary>Conditional requests (RFC 9110 section 13): the documents say of exactly those operations that they honour a condition that do.</summary>
public sealed class ConditionTests(SecuritySystem system)
{
    private static readonly EntityTagHeaderValue Stale = new("\"stale\"");

    [Fact]
    public async Task What_honours_a_condition_is_documented_and_the_other_way_round() =>
        Assert.Empty(await ComplaintsAsync(await system.OperationsAsync(), Matrix.Documented));

    [Fact]
    public async Task Seeded_a_document_that_says_otherwise_is_noticed()
    {
        var operations = await system.OperationsAsync();
        var (guarded, read, unguarded) = (OfJobs("DELETE /api/jobs/{id}"), OfJobs("GET /api/jobs/{id}"), OfJobs("PUT /api/jobs/{id}/like"));
        guarded.Description["parameters"]!.AsArray().RemoveAt(1);
        read.Description["parameters"]!.AsArray().RemoveAt(1);
        unguarded.Description["parameters"]!.AsArray().Add(new JsonObject { ["name"] = "If-Match", ["in"] = "header" });

        var complaints = await ComplaintsAsync(operations, Matrix.Documented.Where(row => row.Operation == guarded.Name || row.Operation == read.Name || row.Operation == unguarded.Name));

        Assert.Equal(
            [
                "DELETE /api/jobs/{id} honours If-Match, by its document it does not.", "GET /api/jobs/{id} honours If-None-Match, by its document it does not.",
                "PUT /api/jobs/{id}/like does not honour If-Match, by its document it does.",
            ],
            complaints.Order());

        Operation OfJobs(string name) => operations.Single(operation => operation.Name == name);
    }

    private async Task<IReadOnlyCollection<string>> ComplaintsAsync(IEnumerable<Operation> documented, IEnumerable<Row> rows)
    {
        var operations = documented.ToDictionary(operation => operation.Name);
        var complaints = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (row, _) =>
        {
            var name = row.Operation.Split('?')[0];
            var header = row.Method == "GET" ? "If-None-Match" : "If-Match";
            var isDocumented = operations[name].Description["parameters"]?.AsArray().Any(parameter => (string)parameter!["name"]! == header) == true;
            if (await HonoursAsync(row) is { } honours && honours != isDocumented)
            {
                complaints.Enqueue($"{name} {(honours ? "honours" : "does not honour")} {header}, by its document it {(isDocumented ? "does" : "does not")}.");
            }
        });
        return complaints;
    }

    /// <returns>Null where nobody may do it without more, so that it cannot be told.</returns>
    private async Task<bool?> HonoursAsync(Row row)
    {
        if (AllowedIn(row) is not { } who)
        {
            return null;
        }

        var cast = new TestActors(system) { Caller = who };
        var target = await row.Prepare(cast);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = system.Gateway.BaseAddress };
        client.DefaultRequestHeaders.Authorization = who == Who.Nobody ? null : new("Bearer", (await cast[who]).AccessToken());
        if (row.Method != "GET")
        {
            client.DefaultRequestHeaders.IfMatch.Add(Stale);
            using var written = await Matrix.SendAsync(client, row, target);
            return written.StatusCode == HttpStatusCode.PreconditionFailed;
        }

        return await HonoursTagAsync(Stale, attempts: 4);

        // Asked again with the tag of the answer: more than once, as an event about the person may change what is read in between.
        async Task<bool> HonoursTagAsync(EntityTagHeaderValue tag, int attempts)
        {
            client.DefaultRequestHeaders.IfNoneMatch.Clear();
            client.DefaultRequestHeaders.IfNoneMatch.Add(tag);
            using var again = await Matrix.SendAsync(client, row, target);
            return again.StatusCode == HttpStatusCode.NotModified
                || (attempts > 1 && again.Headers.ETag is { } changed && !changed.Equals(tag) && await HonoursTagAsync(changed, attempts - 1));
        }
    }

    private static Who? AllowedIn(Row row) => Array.Find([Who.Owner, Who.Admin, Who.Nobody], who => row.Expected.For(who) is >= 200 and < 300) is var who
        && row.Expected.For(who) is >= 200 and < 300 ? who : null;
}
