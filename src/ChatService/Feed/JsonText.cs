using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Explaino.ChatService.Feed;

/// <summary>Texts by name, in a column of <c>jsonb</c>.</summary>
internal static class JsonText
{
    public static void HasJsonText(this PropertyBuilder<Dictionary<string, string>> property) => property.HasColumnType("jsonb").HasConversion(
        texts => JsonSerializer.Serialize(texts, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
        new ValueComparer<Dictionary<string, string>>(
            (one, other) => JsonSerializer.Serialize(one, JsonSerializerOptions.Default) == JsonSerializer.Serialize(other, JsonSerializerOptions.Default),
            texts => texts.Count,
            texts => new(texts)));
}
