using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Security.Tests.Blocks;

/// <summary>Every write as one of two of whom one blocks the other, whichever does; the rows are beside this. What lists leave out is in each service's BlockTests.</summary>
public sealed class BlockMatrixTests(SecuritySystem system)
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Every_write_is_in_the_matrix()
    {
        var operations = await system.OperationsAsync();

        Assert.Empty(BlockMatrix.Compare(operations, BlockMatrix.All));
        Assert.Contains("POST /api/chats has no row.", BlockMatrix.Compare(operations, BlockMatrix.All[1..]));
        Assert.Contains("POST /api/winks is no operation.", BlockMatrix.Compare(operations, [.. BlockMatrix.All, BlockMatrix.All[0] with { Operation = "POST /api/winks" }]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_blocks_the_row_is_what_becomes_of_it(bool callerBlocks)
    {
        var couple = await BlockMatrix.PrepareAsync(system);
        foreach (var person in new[] { couple.Other, couple.Newcomer })
        {
            var (blocker, blocked) = callerBlocks ? (couple.Caller, person) : (person, couple.Caller);
            using var response = await blocker.Client.PutAsync($"/api/users/me/blocks/{blocked.Id}", null);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        await KnownEverywhereAsync(couple);

        var complaints = new List<string>();
        foreach (var row in BlockMatrix.All)
        {
            var target = row.Target(couple);
            using var request = new HttpRequestMessage(new HttpMethod(row.Operation.Split(' ')[0]), target.PathOf(row.Operation.Split(' ')[1]));
            request.Content = target.Body is null ? null : JsonContent.Create(target.Body);
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
            using var response = await couple.Caller.Client.SendAsync(request);
            var code = response.StatusCode == HttpStatusCode.Conflict ? (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"] : null;
            if ((int)response.StatusCode != row.Status || code is not (null or "not_reachable"))
            {
                complaints.Add($"{row.Operation}: expected {row.Status}, got {(int)response.StatusCode} {code}");
            }
        }

        Assert.Empty(complaints);
        Figures.Record("Blocks", $"writes where {(callerBlocks ? "the caller blocks" : "the caller is blocked")}", $"{BlockMatrix.All.Length}, each with the expected status");
    }

    /// <summary>One call for each service, which does nothing where it is refused; in the time of the contract and some, because tests share two processors.</summary>
    private static async Task KnownEverywhereAsync(Couple couple)
    {
        var limit = Promised * 5;
        await Eventually.TrueAsync(() => IsRefusedAsync(couple, $"/api/chats/{couple.Chat}/messages", new { content = "Still" }), limit);
        await Eventually.TrueAsync(() => IsRefusedAsync(couple, $"/api/jobs/{couple.LikedJob}/comments", new { content = "Still" }), limit);
        await Eventually.TrueAsync(() => IsRefusedAsync(couple, "/api/wallet/transfers", new { to_user_id = couple.Other.Id, amount = 1 }), limit);
        await Eventually.TrueAsync(() => IsRefusedAsync(couple, "/api/groups", new { name = "Still", user_ids = new[] { couple.Newcomer.Id } }), limit);
    }

    private static async Task<bool> IsRefusedAsync(Couple couple, string path, object body)
    {
        using var response = await couple.Caller.PostAsync(path, body);
        return response.StatusCode == HttpStatusCode.Conflict && (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["code"] == "not_reachable";
    }
}
