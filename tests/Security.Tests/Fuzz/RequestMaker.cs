using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Makes one request of an operation, the same for the same random source and memory: nearly right, so that it gets past the first check.</summary>
internal sealed class RequestMaker(Operation operation, Random random, Actor actor, IReadOnlyList<Actor> others)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"];
    private static readonly UriCreationOptions AsItStands = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly JsonMaker _json = new(new Schemas(operation.Document), random, actor, others);

    // A third of all requests is right but for the moment it comes at: what it makes, the others work on.
    private readonly int _wildness = random.Next(3) switch { 0 => 0, 1 => 8, _ => 30 };

    /// <summary>The request, and itself in words for whoever has to repeat it.</summary>
    public (HttpRequestMessage Request, string Words) Make(Uri door)
    {
        var method = OneIn(40) ? Methods[random.Next(Methods.Length)] : operation.Method;
        var address = $"{door.GetLeftPart(UriPartial.Authority)}{Path()}{Query()}";
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, in AsItStands));
        if (!OneIn(50))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", actor.Token);
        }

        var body = "";
        if (operation.Description["requestBody"]?["content"] is JsonObject content)
        {
            (request.Content, body) = content["multipart/form-data"] is null ? Json(content) : Multipart();
        }

        foreach (var parameter in Parameters("header"))
        {
            var name = (string)parameter["name"]!;
            if (name == "Idempotency-Key" || OneIn(8))
            {
                request.Headers.TryAddWithoutValidation(name, name == "Idempotency-Key" ? Guid.CreateVersion7().ToString() : OneIn(2) ? "*" : "\"stale\"");
            }
        }

        while (OneIn(_wildness == 0 ? 1000 : 4))
        {
            var (name, value) = Hostile.Headers[random.Next(Hostile.Headers.Length)];
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var headers = string.Join("; ", request.Headers.Where(header => header.Key != "Authorization").Select(header => $"{header.Key}: {header.Value.First()}"));
        return (request, $"{method} {address} [{headers}] {body[..Math.Min(body.Length, 600)]}");
    }

    private string Path()
    {
        var parts = operation.Path.Split('/');
        var needed = Enumerable.Range(1, parts.Length - 1).Where(index => parts[index].StartsWith('{')).Select(index => parts[index - 1]).ToList();
        var known = (OneIn(5) ? others[random.Next(others.Count)] : actor).Recall([.. needed.Where(segment => !IsPerson(segment))], random);
        for (var index = 1; index < parts.Length; index++)
        {
            if (parts[index].StartsWith('{'))
            {
                parts[index] = OneIn(_wildness == 0 ? 500 : 12) ? Hostile.Encoded[random.Next(Hostile.Encoded.Length)]
                    : IsPerson(parts[index - 1]) ? (OneIn(2) ? actor : others[random.Next(others.Count)]).Id.ToString()
                    : known?.GetValueOrDefault(parts[index - 1]) ?? Guid.CreateVersion7().ToString();
            }
        }

        return string.Join('/', parts) + (OneIn(30) ? "/" : "");
    }

    private static bool IsPerson(string segment) => segment is "users" or "profiles" or "wallets" or "participants";

    private string Query()
    {
        var pairs = new List<string>();
        foreach (var parameter in Parameters("query").Where(_ => OneIn(3)))
        {
            var (name, schema) = ((string)parameter["name"]!, parameter["schema"]!.AsObject());
            var value = _wildness > 0 && OneIn(2) ? Hostile.Encoded[random.Next(Hostile.Encoded.Length)]
                : name == "cursor" ? Cursors.Forge(operation, random)
                : Uri.EscapeDataString(_json.Make(schema, 0).Trim('"'));
            pairs.Add($"{name}={value}");
            if (OneIn(20))
            {
                pairs.Add($"{name}={value}");
            }
        }

        return pairs.Count == 0 ? "" : $"?{string.Join('&', pairs)}";
    }

    private IEnumerable<JsonObject> Parameters(string place) =>
        (operation.Description["parameters"]?.AsArray() ?? []).Select(parameter => parameter!.AsObject()).Where(parameter => (string?)parameter["in"] == place);

    private (HttpContent Content, string Words) Json(JsonObject content)
    {
        var (type, media) = content.ElementAt(random.Next(content.Count));
        var text = _json.Make(media!["schema"]!, _wildness);
        var unescaped = text.Contains("password", StringComparison.Ordinal) && !OneIn(10) ? text.Replace("\\u0000", "", StringComparison.Ordinal) : text;
        var bytes = Distorted(Encoding.UTF8.GetBytes(unescaped));
        var body = new ByteArrayContent(bytes);
        var declared = _wildness > 0 && OneIn(12) ? Hostile.ContentTypes[random.Next(Hostile.ContentTypes.Length)] : type;
        if (declared is not null)
        {
            body.Headers.TryAddWithoutValidation("Content-Type", declared);
        }

        return (body, $"{declared}: {unescaped}");
    }

    private byte[] Distorted(byte[] text) => _wildness == 0 ? text : random.Next(40) switch
    {
        0 => [0xEF, 0xBB, 0xBF, .. text],
        1 => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(text)),
        2 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(text))],
        3 => text[..random.Next(text.Length + 1)],
        4 => [.. text, 0],
        5 => [.. text[..(text.Length / 2)], 0xC0, 0x80, .. text[(text.Length / 2)..]],
        6 => [.. text[..(text.Length / 2)], 0xED, 0xA0, 0x80, .. text[(text.Length / 2)..]],
        7 => Gzip(text),
        8 => [.. text, .. text],
        9 => [],
        _ => text,
    };

    private (HttpContent Content, string Words) Multipart()
    {
        var file = operation.Path.EndsWith("resume", StringComparison.Ordinal) ? "%PDF-1.7\nxxxx\n%%EOF\n"u8.ToArray() : Authorization.Files.Pixel;
        var (name, part, bytes) = (random.Next(_wildness == 0 ? 1 : 12)) switch
        {
            1 => ("../../etc/passwd", "file", file),
            2 => ("\u202e\u0000\n.pdf", "file", file),
            3 => (new string('n', 3000), "file", file),
            4 => ("x", "files", file),
            5 => ("x", "", file),
            6 => ("x", "file", Flipped(file)),
            7 => ("x", "file", file[..random.Next(file.Length)]),
            8 => ("x", "file", []),
            9 => ("x", "file", [.. file, .. new byte[random.Next(100_000)]]),
            _ => ("cv.pdf", "file", file),
        };
        var boundary = "b" + random.Next();
        byte[] body =
        [
            .. Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\n\r\n"), .. bytes,
            .. Encoding.UTF8.GetBytes(_wildness > 0 && OneIn(8) ? "" : $"\r\n--{boundary}--\r\n"),
        ];
        var content = new ByteArrayContent(OneIn(20) ? [.. body, .. body] : body);
        content.Headers.TryAddWithoutValidation("Content-Type", _wildness > 0 && OneIn(12) ? Hostile.ContentTypes[random.Next(Hostile.ContentTypes.Length)] : $"multipart/form-data; boundary={boundary}");
        return (content, $"file {part} {name} of {bytes.Length} bytes");
    }

    private byte[] Flipped(byte[] file)
    {
        byte[] copy = [.. file];
        copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
        return copy;
    }

    private static byte[] Gzip(byte[] text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(text);
        }

        return bytes.ToArray();
    }

    private bool OneIn(int count) => random.Next(count) == 0;
}
