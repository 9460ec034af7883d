using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Explaino.Testing;
using static Explaino.ChatService.Tests.Uploads;

namespace Explaino.ChatService.Tests;

public sealed class AttachmentTests(TwoInstances chat)
{
    public static TheoryData<byte[], string, string, string, string> Formats => new()
    {
        { Png.Of(40, 30), "C:\\photos\\me.heic", "image", "me.heic.jpg", "image/jpeg" },
        { Pdf, "plan.pdf", "file", "plan.pdf", "application/pdf" },
        { Opus, "records/", "audio", "audio.ogg", "audio/ogg" },
        { Mp4("M4A ", "soun"), "note.m4a", "audio", "note.m4a", "audio/mp4" },
        { Mp4("mp42", "soun"), "note.mp4", "audio", "note.mp4.m4a", "audio/mp4" },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_file_goes_from_its_owner_to_whom_it_is_sent_and_to_nobody_else(byte[] file, string name, string kind, string shownName, string type)
    {
        var people = await chat.PeopleAsync(3);
        using var ada = chat.One.As(people[0]);
        using var bob = chat.Other.As(people[1]);
        using var eve = chat.Other.As(people[2]);
        var id = await ada.StartChatAsync(people[1]);

        var attachment = await ada.UploadAsync(file, name);
        using var unsent = await bob.GetAsync(PathOf(attachment));
        using var answer = await ada.PostAsJsonAsync($"/api/chats/{id}/messages", new { attachment_ids = new[] { attachment.Id() } });
        using var sent = await bob.GetAsync(PathOf(attachment));
        using var others = await eve.GetAsync(PathOf(attachment));

        Assert.Equal(
            kind == "image" ? ["id", "kind", "file_name", "content_type", "size", "width", "height", "placeholder", "url"] : ["id", "kind", "file_name", "content_type", "size", "url"],
            attachment.Select(member => member.Key));
        Assert.Equal((kind, shownName, type), ((string?)attachment["kind"], (string?)attachment["file_name"], (string?)attachment["content_type"]));
        Assert.StartsWith(chat.Environment.Issuer.Address, (string?)attachment["url"], StringComparison.Ordinal);
        await unsent.IsProblemAsync(HttpStatusCode.NotFound, "attachment_not_found");
        var message = await answer.ReadObjectAsync(HttpStatusCode.Created);
        Assert.Equal("", (string?)message["content"]);
        Assert.Equal(attachment.ToJsonString(), Assert.Single(message["attachments"]!.AsArray())!.ToJsonString());
        Assert.Equal(message.ToJsonString(), (await bob.GetObjectAsync($"/api/chats/{id}"))["last_message"]!.ToJsonString());
        var bytes = await sent.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, type, (int)attachment["size"]!), (sent.StatusCode, sent.Content.Headers.ContentType?.ToString(), bytes.Length));
        Assert.True(kind == "image" || bytes.SequenceEqual(file));
        Assert.Equal(kind == "image" ? null : "attachment", sent.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", Assert.Single(sent.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal(["immutable", "max-age=31536000", "private"], Assert.Single(sent.Headers.NonValidated["Cache-Control"]).Split(", ").Order());
        await others.IsProblemAsync(HttpStatusCode.NotFound, "attachment_not_found");
    }

    public static TheoryData<string, byte[], HttpStatusCode, string> Unfit => new()
    {
        { "html", "<!doctype html><script>alert(1)</script>"u8.ToArray(), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
        { "a film", Mp4("mp42", "soun", "vide"), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
        { "a film called audio", Mp4("M4A ", "vide"), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
        { "Vorbis", OggOf("\u0001vorbis"), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
        { "a PDF without its end", Pdf[..50], HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
        { "nothing", [], HttpStatusCode.UnsupportedMediaType, "unsupported_media_type" },
        { "a damaged picture", Png.Of()[..40], HttpStatusCode.BadRequest, "image_invalid" },
        { "a bomb", Png.Of(40_000, 40_000), HttpStatusCode.BadRequest, "image_too_large" },
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task What_is_none_of_the_formats_is_refused_whatever_it_is_called(string what, byte[] file, HttpStatusCode status, string code)
    {
        using var ada = chat.One.As(TestUser.New());

        using var answer = await ada.TryUploadAsync(file, "photo.jpg");

        Assert.NotEmpty(what);
        await answer.IsProblemAsync(status, code);
    }

    [Fact]
    public async Task Images_come_in_sizes_other_files_in_parts_and_whole()
    {
        var user = TestUser.New();
        using var ada = chat.One.As(user);
        var (image, document) = (PathOf(await ada.UploadAsync(Photo)), PathOf(await ada.UploadAsync(Pdf)));
        using var request = new HttpRequestMessage(HttpMethod.Get, document) { Headers = { Range = new RangeHeaderValue(1, 3) } };

        var shown = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Instance(number).As(user).GetAsync($"{image}?size=128")));
        using var odd = await ada.GetAsync($"{image}?size=100");
        using var sized = await ada.GetAsync($"{document}?size=128");
        using var part = await ada.SendAsync(request);

        Assert.All(shown, response => Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (response.StatusCode, response.Content.Headers.ContentType?.ToString())));
        Assert.Equal((96, 128), SizeOf(await shown[0].Content.ReadAsByteArrayAsync()));
        await odd.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "size");
        await sized.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "size");
        Assert.Equal((HttpStatusCode.PartialContent, "PDF"), (part.StatusCode, await part.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_message_takes_only_what_its_sender_uploaded_and_has_not_sent()
    {
        var (user, peer) = await chat.PairAsync();
        using var ada = chat.One.As(user);
        using var bob = chat.One.As(peer);
        var id = await ada.StartChatAsync(peer);
        var (own, sent, others) = ((await ada.UploadAsync(Pdf)).Id(), (await ada.UploadAsync(Pdf)).Id(), (await bob.UploadAsync(Pdf)).Id());
        using var first = await SendAsync(ada, id, sent);

        var refused = new (Guid[] Ids, string Member)[]
        {
            ([own, sent], "attachment_ids[1]"),
            ([others, own], "attachment_ids[0]"),
            ([own, Guid.CreateVersion7()], "attachment_ids[1]"),
            ([own, own], "attachment_ids[1]"),
            ([.. Enumerable.Range(0, 11).Select(_ => Guid.CreateVersion7())], "attachment_ids"),
        };
        foreach (var (ids, member) in refused)
        {
            using var answer = await SendAsync(ada, id, ids);
            await answer.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", member);
        }

        await using var device = await chat.ConnectAsync(user);
        var told = await Assert.ThrowsAsync<HubRefusedException>(() => device.InvokeAsync("SendMessage", new { chat_id = id, attachment_ids = new[] { sent } }));
        using var nothing = await ada.PostAsJsonAsync($"/api/chats/{id}/messages", new { attachment_ids = Array.Empty<Guid>() });
        await nothing.IsProblemAsync(HttpStatusCode.BadRequest, "validation_failed", "content");
        var message = await device.InvokeAsync("SendMessage", new { chat_id = id, content = "Here", attachment_ids = new[] { own } });

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.StartsWith("validation_failed", told.Message, StringComparison.Ordinal);
        Assert.Equal(2, (int)message!["seq"]!);
        Assert.Equal(own, (Guid)(await device.ExpectAsync("MessageReceived"))["attachments"]![0]!["id"]!);
    }

    [Fact]
    public async Task Of_messages_that_want_one_file_at_once_one_has_it()
    {
        var people = await chat.PeopleAsync(5);
        using var ada = chat.One.As(people[0]);
        var chats = await Task.WhenAll(people[1..].Select(peer => ada.StartChatAsync(peer)));
        var files = new List<Guid>();
        for (var count = 0; count < 10; count++)
        {
            files.Add((await ada.UploadAsync(Pdf)).Id());
        }

        var orders = new[] { files, files.AsEnumerable().Reverse() }.Select(order => order.ToArray()).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(async number =>
        {
            using var answer = await SendAsync(Instance(number).As(people[0]), chats[number % 4], orders[number % 2]);
            return answer.StatusCode;
        }));

        Assert.Single(answers, HttpStatusCode.Created);
        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.Created, HttpStatusCode.BadRequest }));
        Assert.Equal(1, (await Task.WhenAll(chats.Select(id => ada.GetObjectAsync($"/api/chats/{id}")))).Sum(found => (int)found["last_seq"]!));
    }

    [Fact]
    public async Task A_deleted_message_takes_its_bytes_along()
    {
        var (user, peer) = await chat.PairAsync();
        using var ada = chat.One.As(user);
        var id = await ada.StartChatAsync(peer);
        var attachment = await ada.UploadAsync(Photo);
        using var shown = await ada.GetAsync($"{PathOf(attachment)}?size=64");
        using var sent = await SendAsync(ada, id, attachment.Id());
        var files = Keys().Count;

        using var deleted = await ada.DeleteAsync(sent.Headers.Location);
        using var gone = await ada.GetAsync(PathOf(attachment));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), (shown.StatusCode, deleted.StatusCode));
        await gone.IsProblemAsync(HttpStatusCode.NotFound, "attachment_not_found");
        Assert.Empty((await ada.GetObjectAsync(sent.Headers.Location!.OriginalString))["attachments"]!.AsArray());
        // The picture and its size.
        Assert.Equal(files - 2, Keys().Count);
    }

    [Fact]
    public async Task What_a_deleted_person_attached_goes_and_the_messages_stay_changed_for_all()
    {
        var (user, peer) = await chat.PairAsync();
        using var ada = chat.One.As(user);
        using var bob = chat.One.As(peer);
        var (id, group) = (await ada.StartChatAsync(peer), await ada.StartGroupAsync(peer));
        var paths = new List<string>();
        foreach (var conversation in new[] { $"chats/{id}", $"chats/{id}", $"groups/{group}" })
        {
            var attachment = await ada.UploadAsync(Pdf);
            paths.Add(PathOf(attachment));
            using var sent = await ada.PostAsJsonAsync($"/api/{conversation}/messages", new { content = "Look", attachment_ids = new[] { attachment.Id() } });
            Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        }

        await using var device = await chat.ConnectAsync(peer);
        await chat.DeleteAsync(user);

        foreach (var path in paths)
        {
            await Eventually.TrueAsync(async () => (await bob.GetAsync(path)).StatusCode == HttpStatusCode.NotFound);
        }

        var changed = (await bob.GetObjectAsync($"/api/chats/{id}/messages?changed_after=0"))["items"]!.AsArray();
        Assert.Equal([1, 2], changed.Select(message => (int)message!["change"]!));
        Assert.All(changed, message => Assert.Equal(("Look", 0), ((string?)message!["content"], message["attachments"]!.AsArray().Count)));
        Assert.Equal(id, (Guid)(await device.ExpectAsync("MessageUpdated", edited => edited["chat_id"] is not null))["chat_id"]!);
    }

    [Fact]
    public async Task The_same_key_is_the_same_upload_also_at_once_and_on_two_instances()
    {
        var user = TestUser.New();
        using var ada = chat.One.As(user);
        var key = Guid.CreateVersion7();

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Instance(number).As(user).TryUploadAsync(Pdf, "plan.pdf", key)));
        var uploads = await Task.WhenAll(answers.Select(answer => answer.ReadObjectAsync(HttpStatusCode.Created)));
        using var another = await ada.TryUploadAsync(Opus, "plan.pdf", key);

        Assert.Single(uploads.Select(upload => upload.ToJsonString()).Distinct());
        Assert.Equal(5, answers.Count(answer => answer.Headers.Contains("Idempotency-Replayed")));
        await another.IsProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    private ChatBehindGateway Instance(int number) => number % 2 == 0 ? chat.One : chat.Other;

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, Guid chatId, params Guid[] attachments) =>
        client.PostAsJsonAsync($"/api/chats/{chatId}/messages", new { attachment_ids = attachments });

    private static List<string> Keys() => [.. Directory.EnumerateFiles(ChatBehindGateway.Files, "*", SearchOption.AllDirectories)];
}
