using System.Net;
using System.Text.Json.Nodes;
using Explaino.Security.Tests.Authorization;
using Explaino.Testing;

namespace Explaino.Security.Tests.Blocks;

/// <summary>A write of one of two of whom one blocks the other, and what becomes of it.</summary>
internal sealed record BlockRow(string Operation, int Status, Func<Couple, Target> Target);

/// <summary>Two people with all that they had together before one blocked the other; the caller acts.</summary>
internal sealed record Couple(Member Caller, Member Other, Member Newcomer, Guid Chat, Guid ChatMessage, Guid OwnGroup, Guid CommonGroup, Guid GroupMessage, Guid LikedJob, Guid NewJob, Guid Comment, Guid OthersComment, Guid OthersMessage, Guid OthersGroupMessage);

internal static class BlockMatrix
{
    private const int NotReachable = 409;
    private static readonly object Report = new { reason = "harassment" };
    private static readonly object Words = new { content = "After" };

    /// <summary>What touches another person.</summary>
    public static readonly BlockRow[] All =
    [
        new("POST /api/chats", NotReachable, couple => new(new { user_id = couple.Newcomer.Id })),
        new("POST /api/chats/{id}/messages", NotReachable, couple => new(Words, ("id", couple.Chat))),
        new("PATCH /api/chats/{id}/messages/{message_id}", NotReachable, couple => new(Words, ("id", couple.Chat), ("message_id", couple.ChatMessage))),
        new("PUT /api/chats/{id}/read", 204, couple => new(new { message_id = couple.ChatMessage }, ("id", couple.Chat))),
        new("DELETE /api/chats/{id}/messages/{message_id}", 204, couple => new(null, ("id", couple.Chat), ("message_id", couple.ChatMessage))),
        new("POST /api/groups", NotReachable, couple => new(new { name = "Looms", user_ids = new[] { couple.Other.Id } })),
        new("POST /api/groups/{id}/participants", NotReachable, couple => new(new { user_ids = new[] { couple.Other.Id } }, ("id", couple.OwnGroup))),
        new("POST /api/groups/{id}/messages", 201, couple => new(Words, ("id", couple.CommonGroup))),
        new("PATCH /api/groups/{id}/messages/{message_id}", 200, couple => new(Words, ("id", couple.CommonGroup), ("message_id", couple.GroupMessage))),
        new("PUT /api/groups/{id}/read", 204, couple => new(new { message_id = couple.GroupMessage }, ("id", couple.CommonGroup))),
        new("DELETE /api/groups/{id}/messages/{message_id}", 204, couple => new(null, ("id", couple.CommonGroup), ("message_id", couple.GroupMessage))),
        new("PUT /api/groups/{id}/participants/{user_id}/role", 200, couple => new(new { role = "admin" }, ("id", couple.CommonGroup), ("user_id", couple.Other.Id))),
        new("DELETE /api/groups/{id}/participants/{user_id}", 204, couple => new(null, ("id", couple.CommonGroup), ("user_id", couple.Other.Id))),
        new("POST /api/wallet/transfers", NotReachable, couple => new(new { to_user_id = couple.Other.Id, amount = 1 })),
        new("PUT /api/jobs/{id}/like", NotReachable, couple => new(null, ("id", couple.NewJob))),
        new("DELETE /api/jobs/{id}/like", 200, couple => new(null, ("id", couple.LikedJob))),
        new("POST /api/jobs/{id}/comments", NotReachable, couple => new(Words, ("id", couple.NewJob))),
        new("PATCH /api/jobs/{id}/comments/{comment_id}", NotReachable, couple => new(Words, ("id", couple.LikedJob), ("comment_id", couple.Comment))),
        new("DELETE /api/jobs/{id}/comments/{comment_id}", 204, couple => new(null, ("id", couple.LikedJob), ("comment_id", couple.Comment))),
        new("POST /api/users/{id}/reports", 202, couple => new(Report, ("id", couple.Other.Id))),
        new("POST /api/jobs/{id}/reports", 202, couple => new(Report, ("id", couple.NewJob))),
        new("POST /api/jobs/{id}/comments/{comment_id}/reports", 202, couple => new(Report, ("id", couple.LikedJob), ("comment_id", couple.OthersComment))),
        new("POST /api/chats/{id}/messages/{message_id}/reports", 202, couple => new(Report, ("id", couple.Chat), ("message_id", couple.OthersMessage))),
        new("POST /api/groups/{id}/messages/{message_id}/reports", 202, couple => new(Report, ("id", couple.CommonGroup), ("message_id", couple.OthersGroupMessage))),
        new("PUT /api/users/me/blocks/{user_id}", 204, couple => new(null, ("user_id", couple.Other.Id))),
        new("DELETE /api/users/me/blocks/{user_id}", 204, couple => new(null, ("user_id", couple.Newcomer.Id))),
    ];

    /// <summary>What is about oneself or one's own, or an admin's to do. A name that ends in a star stands for all that begin so.</summary>
    public static readonly string[] Alone =
    [
        "POST /api/auth/*", "DELETE /api/auth/*", "PATCH /api/users/me", "DELETE /api/users/me", "POST /api/users/me/deletion", "PUT /api/users/me/image", "DELETE /api/users/me/image",
        "PUT /api/users/{id}/roles/admin", "DELETE /api/users/{id}/roles/admin", "PUT /api/users/{id}/suspension", "DELETE /api/users/{id}/suspension",
        "DELETE /api/admin/*", "POST /api/moderation/*", "POST /api/wallets/*",
        "POST /api/profiles/me/*", "PUT /api/profiles/me/*", "DELETE /api/profiles/me/*", "PATCH /api/profiles/me",
        "POST /api/specializations", "PUT /api/specializations/{id}", "DELETE /api/specializations/{id}",
        "POST /api/jobs", "PATCH /api/jobs/{id}", "DELETE /api/jobs/{id}", "POST /api/jobs/{id}/images", "DELETE /api/jobs/{id}/images/{image_id}",
        "PATCH /api/groups/{id}", "DELETE /api/groups/{id}", "POST /api/sync", "POST /api/attachments",
        "PATCH /api/chats/{id}/settings", "PATCH /api/groups/{id}/settings", "PUT /api/notifications/read", "PATCH /api/notification-settings",
        "PUT /api/devices/{device_id}", "DELETE /api/devices/{device_id}",
    ];

    /// <summary>Which writes are in neither list, and which rows are no operation.</summary>
    public static IReadOnlyList<string> Compare(IEnumerable<Operation> operations, IReadOnlyList<BlockRow> rows)
    {
        var writes = operations.Where(operation => operation.Method != "GET").Select(operation => operation.Name).ToList();
        bool IsAlone(string name) => Alone.Any(alone => alone.EndsWith('*') ? name.StartsWith(alone[..^1], StringComparison.Ordinal) : name == alone);
        return
        [
            .. writes.Where(name => !IsAlone(name) && !rows.Any(row => row.Operation == name)).Select(name => $"{name} has no row."),
            .. rows.Select(row => row.Operation).Except(writes).Select(name => $"{name} is no operation."),
        ];
    }

    /// <summary>All that is there before the block.</summary>
    public static async Task<Couple> PrepareAsync(SecuritySystem system)
    {
        var cast = new TestActors(system);
        var (caller, other, newcomer) = (await cast.NewcomerAsync(), await cast.NewcomerAsync(), await cast.NewcomerAsync());
        await cast.PostAsAdminAsync($"/api/wallets/{caller.Id}/awards", new { amount = 1_000, reason = "To spend" });
        var chat = await PostAsync(caller, "/api/chats", new { user_id = other.Id });
        var common = await PostAsync(caller, "/api/groups", new { name = "Engines", user_ids = new[] { other.Id } });
        var liked = await PostAsync(other, "/api/jobs", new { title = "Explain engines", description = "To anybody." });
        using var like = await caller.Client.PutAsync($"/api/jobs/{liked}/like", null);
        Assert.Equal(HttpStatusCode.OK, like.StatusCode);
        return new(
            caller,
            other,
            newcomer,
            chat,
            await PostAsync(caller, $"/api/chats/{chat}/messages", new { content = "Before" }),
            await PostAsync(caller, "/api/groups", new { name = "Looms", user_ids = new[] { newcomer.Id } }),
            common,
            await PostAsync(caller, $"/api/groups/{common}/messages", new { content = "Before" }),
            liked,
            await PostAsync(other, "/api/jobs", new { title = "Explain looms", description = "To anybody." }),
            await PostAsync(caller, $"/api/jobs/{liked}/comments", new { content = "Before" }),
            await PostAsync(other, $"/api/jobs/{liked}/comments", new { content = "Mine" }),
            await PostAsync(other, $"/api/chats/{chat}/messages", new { content = "Mine" }),
            await PostAsync(other, $"/api/groups/{common}/messages", new { content = "Mine" }));
    }

    private static async Task<Guid> PostAsync(Member member, string path, object body)
    {
        using var response = await member.PostAsync(path, body);
        return (Guid)(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["id"] ?? throw new InvalidOperationException($"{path}: {response.StatusCode}"))!;
    }
}
