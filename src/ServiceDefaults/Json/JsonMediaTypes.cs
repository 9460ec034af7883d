using Microsoft.AspNetCore.Http;

namespace Explaino.ServiceDefaults.Json;

/// <summary>The media types of JSON bodies (docs/contract.md#1-conventions).</summary>
internal static class JsonMediaTypes
{
    public const string Json = "application/json";
    public const string MergePatch = "application/merge-patch+json";

    public static string AcceptedBy(string method) => HttpMethods.IsPatch(method) ? $"{MergePatch}, {Json}" : Json;
}
