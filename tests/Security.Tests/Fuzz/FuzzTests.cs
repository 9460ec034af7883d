using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Explaino.Testing;

namespace Explaino.Security.Tests.Fuzz;

/// <summary>Whatever is sent, the answer is one of the contract's: no 500, no leak, nothing that its document does not tell of.</summary>
public sealed class FuzzTests(SecuritySystem system)
{
    private static readonly int Seed = int.TryParse(Environment.GetEnvironmentVariable("EXPLAINO_SEED"), out var seed) ? seed : 20261123;

    [Fact]
    public async Task Nearly_right_requests_are_answered_as_the_contract_says()
    {
        var count = Scale.Of(test: 3_000, shortRun: 20_000, longRun: 100_000);
        var fuzzer = new Fuzzer(system, Seed);

        await fuzzer.RunAsync(count, Door());

        Assert.True(fuzzer.Complaints.IsEmpty, $"Seed {Seed} (EXPLAINO_SEED):\n{string.Join('\n', fuzzer.Complaints.Take(25))}");
        var statuses = string.Join(", ", fuzzer.Statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}"));
        Assert.True(fuzzer.Statuses.Where(status => status.Key < 300).Sum(status => status.Value) > count / 8, $"Too little gets through to mean anything: {statuses}");
        Figures.Record("Fuzz", $"requests (seed {Seed})", $"{count}; 500s, leaks, undocumented answers: 0");
        Figures.Record("Fuzz", "answers by status", $"{statuses}");
    }

    public static TheoryData<string> Bugs => ["stack trace", "lost member", "extra member", "wrong type", "plain refusal"];

    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task Seeded_a_system_that_answers_badly_is_noticed(string bug)
    {
        var fuzzer = new Fuzzer(system, Seed);

        await fuzzer.RunAsync(300, new Spoiler(bug) { InnerHandler = Door() });

        Assert.Contains(fuzzer.Complaints, complaint => complaint.Contains(bug switch
        {
            "stack trace" => "leaks",
            "lost member" => "equired",
            "extra member" => "is not documented",
            "wrong type" => "/id Value is \"integer\"",
            _ => "instead of a problem",
        }, StringComparison.Ordinal));
    }

    private static SocketsHttpHandler Door() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
    };

    /// <summary>The seeded bugs: a proxy that spoils answers on their way.</summary>
    private sealed class Spoiler(string bug) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (bug == "stack trace" && response.StatusCode == HttpStatusCode.BadRequest)
            {
                response.StatusCode = HttpStatusCode.InternalServerError;
                response.Content = new StringContent("Npgsql.PostgresException: 42P01\n   at Explaino.WalletService.Wallets.Transfer(Guid id)", Encoding.UTF8, "text/plain");
            }
            else if (bug == "plain refusal" && !response.IsSuccessStatusCode)
            {
                response.Content = new StringContent("no", Encoding.UTF8, "text/plain");
            }
            else if (response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType == "application/json"
                && JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) is JsonObject answer && answer.ContainsKey("id"))
            {
                Spoil(answer);
                response.Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json");
            }

            return response;
        }

        private void Spoil(JsonObject answer)
        {
            switch (bug)
            {
                case "lost member": answer.Remove("id"); break;
                case "extra member": answer["password_hash"] = "AQAAAA"; break;
                case "wrong type": answer["id"] = 1; break;
                default: break;
            }
        }
    }
}
