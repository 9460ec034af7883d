using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Explaino.Testing.Documents;

/// <summary>Response validation: holds every 2xx and every problem that tests get against the OpenAPI documents, and fails the test where they differ.</summary>
/// <param name="name">Of what answers: the documents are the same for all instances of it.</param>
/// <param name="documents">Where they are had.</param>
public sealed class ResponseValidation(string name, params IReadOnlyList<Uri> documents)
    : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<ResponseRules>>> Compiled = new();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var complaints = await (await RulesAsync()).ComplaintsAsync(request, response);
        if (complaints.Count > 0)
        {
            Assert.Fail($"{request.Method} {request.RequestUri} is answered otherwise than documented:\n{string.Join('\n', complaints)}\n{await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        return response;
    }

    private async Task<ResponseRules> RulesAsync()
    {
        var rules = Compiled.GetOrAdd(name, _ => new(CompileAsync));
        try
        {
            return await rules.Value;
        }
        catch (HttpRequestException)
        {
            // Somebody was not there; the next answer asks again.
            Compiled.TryRemove(new(name, rules));
            throw;
        }
    }

    private async Task<ResponseRules> CompileAsync()
    {
        using var client = new HttpClient();
        return new([.. await Task.WhenAll(documents.Select(async document => (await client.GetFromJsonAsync<JsonObject>(document))!))]);
    }
}
