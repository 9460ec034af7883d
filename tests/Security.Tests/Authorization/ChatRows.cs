using System.Net.Http.Json;
using static Explaino.Security.Tests.Authorization.Rules;

namespace Explaino.Security.Tests.Authorization;

internal static class ChatRows
{
    private static readonly object Report = new { reason = "spam" };
    private static readonly object Words = new { content = "Hello" };

    public static readonly Row[] All =
    [
        Row("POST /api/chats", User(201), async cast => new(new { user_id = (await cast.NewcomerAsync()).Id })),
        Row("GET /api/chats", User(200)),
        Row("GET /api/chats/{id}", Chat(200, 200), AChat),
        Row("GET /api/chats/{id}/messages", Chat(200, 200), AChat),
        Row("POST /api/chats/{id}/messages", Chat(201, 201), AChat),
        Row("GET /api/chats/{id}/messages/{message_id}", Chat(200, 200), AChat),
        Row("PATCH /api/chats/{id}/messages/{message_id}", Chat(200, 403), AChat),
        Row("DELETE /api/chats/{id}/messages/{message_id}", Chat(204, 403), AChat),
        Row("POST /api/chats/{id}/messages/{message_id}/reports", Chat(202, 202), async cast => await AChat(cast) with { Body = Report }),
        Row("PUT /api/chats/{id}/read", Chat(204, 204), ChatToRead),
        Row("POST /api/groups", User(201), async cast => new(new { name = "Engines", user_ids = new[] { (await cast.NewcomerAsync()).Id } })),
        Row("GET /api/groups", User(200)),
        Row("GET /api/groups/{id}", Group(200, 200, 200), AGroup),
        Row("PATCH /api/groups/{id}", Group(200, 200, 403), GroupToRename),
        Row("DELETE /api/groups/{id}", Group(204, 403, 403), AGroup),
        Row("GET /api/groups/{id}/participants", Group(200, 200, 200), AGroup),
        Row("POST /api/groups/{id}/participants", Group(201, 201, 403), GroupToEnter),
        Row("DELETE /api/groups/{id}/participants/{user_id}", Group(204, 204, 403), AGroup),
        Row("PUT /api/groups/{id}/participants/{user_id}/role", Group(200, 403, 403), GroupToGiveRoles),
        Row("GET /api/groups/{id}/messages", Group(200, 200, 200), AGroup),
        Row("POST /api/groups/{id}/messages", Group(201, 201, 201), AGroup),
        Row("GET /api/groups/{id}/messages/{message_id}", Group(200, 200, 200), AGroup),
        Row("PATCH /api/groups/{id}/messages/{message_id}", Group(200, 403, 403), AGroup),
        Row("DELETE /api/groups/{id}/messages/{message_id}", Group(204, 403, 403), AGroup),
        Row("POST /api/groups/{id}/messages/{message_id}/reports", Group(202, 202, 202), async cast => await AGroup(cast) with { Body = Report }),
        Row("PUT /api/groups/{id}/read", Group(204, 204, 204), GroupToRead),
        Row("POST /api/attachments", User(201), _ => Task.FromResult(new Target(Files.Picture()))),
        Row("GET /api/attachments/{id}", Chat(200, 200), SentAttachment),
        Row("PATCH /api/chats/{id}/settings", Chat(200, 200), async cast => await AChat(cast) with { Body = new { pinned = true } }),
        Row("PATCH /api/groups/{id}/settings", Group(200, 200, 200), async cast => await AGroup(cast) with { Body = new { pinned = true } }),
        Row("GET /api/notifications?unread=true", User(200)),
        Row("PUT /api/notifications/read", User(204), new { up_to_seq = 1 }),
        Row("GET /api/notification-settings", User(200)),
        Row("PATCH /api/notification-settings", User(200), new { quiet = (object?)null }),
        Row("GET /api/devices", User(200)),
        Row("PUT /api/devices/{device_id}", User(200), _ => Task.FromResult(ADevice())),
        Row("DELETE /api/devices/{device_id}", Own(204, 404), OwnDevice),
        Row("POST /api/sync", User(200), new { known = Array.Empty<object>() }),
        Row("GET /api/unread", User(200)),
        Row("GET /api/messages/search?q=hello", User(200)),
    ];

    /// <summary>The owner's message to the participant.</summary>
    private static async Task<Target> AChat(TestActors cast)
    {
        var (owner, peer) = (await cast.Owner, await cast.KnownOnceAsync(Who.Participant));
        using var started = await owner.Client.PostAsJsonAsync("/api/chats", new { user_id = peer.Id });
        var chat = (await started.Content.ReadFromJsonAsync<Thing>())!.Id;
        var message = await cast.PostAsync(Who.Owner, $"/api/chats/{chat}/messages", Words);
        return new(Words, ("id", chat), ("message_id", message["id"]!));
    }

    private static async Task<Target> SentAttachment(TestActors cast)
    {
        var chat = (await AChat(cast)).Path.Single(parameter => parameter.Name == "id").Value;
        var attachment = (await cast.PostAsync(Who.Owner, "/api/attachments", Files.Resume()))["id"]!;
        await cast.PostAsync(Who.Owner, $"/api/chats/{chat}/messages", new { attachment_ids = new[] { attachment } });
        return new(null, ("id", attachment));
    }

    private static Target ADevice() => new(new { platform = "android", provider = "fcm", token = $"{Guid.CreateVersion7()}" }, ("device_id", Guid.CreateVersion7()));

    private static async Task<Target> OwnDevice(TestActors cast)
    {
        var device = ADevice();
        using var registered = await (await cast.Owner).Client.PutAsJsonAsync(device.PathOf("/api/devices/{device_id}"), device.Body);
        registered.EnsureSuccessStatusCode();
        return device with { Body = null };
    }

    private static async Task<Target> ChatToRead(TestActors cast) => ToRead(await AChat(cast));

    /// <summary>The owner's message to the participant, the group admin and somebody else, who is <c>userId</c>.</summary>
    private static async Task<Target> AGroup(TestActors cast)
    {
        var (member, admin, bystander) =
            (await cast.KnownOnceAsync(Who.Participant), await cast.KnownOnceAsync(Who.GroupAdmin), await cast.KnownOnceAsync(Who.Nobody));
        var group = (await cast.PostAsync(Who.Owner, "/api/groups", new { name = "Engines", user_ids = new[] { member.Id, admin.Id, bystander.Id } }))["id"]!;
        using var promoted = await (await cast.Owner).Client.PutAsJsonAsync($"/api/groups/{group}/participants/{admin.Id}/role", new { role = "admin" });
        promoted.EnsureSuccessStatusCode();
        var message = await cast.PostAsync(Who.Owner, $"/api/groups/{group}/messages", Words);
        return new(Words, ("id", group), ("message_id", message["id"]!), ("user_id", bystander.Id));
    }

    private static async Task<Target> GroupToRename(TestActors cast) => await AGroup(cast) with { Body = new { name = "Looms" } };

    private static async Task<Target> GroupToGiveRoles(TestActors cast) => await AGroup(cast) with { Body = new { role = "admin" } };

    private static async Task<Target> GroupToEnter(TestActors cast) =>
        await AGroup(cast) with { Body = new { user_ids = new[] { (await cast.KnownOnceAsync(Who.Stranger)).Id } } };

    private static async Task<Target> GroupToRead(TestActors cast) => ToRead(await AGroup(cast));

    private static Target ToRead(Target conversation) =>
        conversation with { Body = new { message_id = conversation.Path.Single(parameter => parameter.Name == "message_id").Value } };

    private sealed record Thing(Guid Id);
}
