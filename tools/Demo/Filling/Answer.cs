using System.Net;
using System.Text.Json.Nodes;

namespace Explaino.Demo.Filling;

/// <summary>What the API answered, when that was no refusal.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonNode? Body)
{
    public bool IsNew => Status == HttpStatusCode.Created;

    public string Id => Text("id");

    public string Text(string member) => (string)Body![member]!;
}

/// <summary>A refusal that nothing is to be done about.</summary>
internal sealed class RefusedException(string call, HttpStatusCode status, string? detail)
    : Exception($"{call} was answered {(int)status}: {detail ?? status.ToString()}");
