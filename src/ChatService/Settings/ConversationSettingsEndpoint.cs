using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Http;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Settings;

internal static class ConversationSettingsEndpoint
{
    public static void MapConversationSettings(this IEndpointRouteBuilder api)
    {
        Map(ConversationKind.Chat, "Chats", "ChangeChatSettings");
        Map(ConversationKind.Group, "Groups", "ChangeGroupSettings");

        void Map(ConversationKind kind, string tag, string name) => api.MapPatch($"/{kind.Path}/{{id:guid}}/settings", new Handler(kind).ChangeSettings)
            .WithTags(tag).WithName(name).WithSummary("Mute, pin or archive a conversation for yourself");
    }

    private sealed class Handler(ConversationKind kind)
    {
        public async Task<Results<Ok<ConversationSettingsResponse>, ProblemHttpResult>> ChangeSettings(
            MergePatch<ConversationSettingsRequest> patch, Guid id, ClaimsPrincipal user, ConversationSettingsWriter writer, MergePatcher patcher, CancellationToken cancellationToken)
        {
            // Over a neutral one: what the patch does not mention is left to the statement.
            if ((await patcher.ApplyAsync(patch, new ConversationSettingsRequest(null, false, false), cancellationToken)).IsProblem(out var invalid, out var changed))
            {
                return invalid;
            }

            DateTimeOffset? mutedUntil = changed.MutedUntil is { } text && MutedUntil.TryRead(text, out var until) ? until : null;
            var settings = await writer.ChangeAsync(
                new(kind, id), user.Id(), user.SessionId(), patch.Mentions("muted_until"), mutedUntil, patch.Mentions("pinned") ? changed.Pinned : null, patch.Mentions("archived") ? changed.Archived : null);
            return settings.Succeeded ? TypedResults.Ok(settings.Value) : settings.Refusal.ToProblem();
        }
    }
}
