using System.ComponentModel;
using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Http;
using Explaino.ChatService.Messages;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Http;
using Explaino.ServiceDefaults.Json;
using Explaino.ServiceDefaults.Paging;
using Explaino.ServiceDefaults.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Groups;

internal static class GroupEndpoints
{
    public static void MapGroups(this IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/groups").WithTags("Groups");
        groups.MapPost("/", CreateGroup).WithName(nameof(CreateGroup)).WithSummary("Start a group");
        groups.MapGet("/", ListGroups).WithName(nameof(ListGroups)).WithSummary("List your groups, latest activity first");
        groups.MapGet("/{id:guid}", GetGroup).WithName(nameof(GetGroup)).WithSummary("Get a group").WithETag();
        groups.MapPatch("/{id:guid}", RenameGroup).WithName(nameof(RenameGroup)).WithSummary("Rename a group, as its owner or an admin").HonoursIfMatch();
        groups.MapDelete("/{id:guid}", DeleteGroup).WithName(nameof(DeleteGroup)).WithSummary("Delete a group with all its messages, as its owner").HonoursIfMatch();
        groups.MapParticipants();
        groups.MapMessages(ConversationKind.Group);
    }

    private static async Task<Results<Created<GroupResponse>, ProblemHttpResult>> CreateGroup(
        CreateGroupRequest request, ClaimsPrincipal user, GroupWriter writer, GroupStatements groups, CancellationToken cancellationToken)
    {
        Guid[] others = [.. request.UserIds!.Distinct()];
        if (others.Contains(user.Id()))
        {
            return Problems.Invalid("user_ids", new Violation("oneself", "Must be others: one is in one's own group anyway."));
        }

        var created = await writer.CreateAsync(user, request.Name!, others, cancellationToken);
        return !created.Succeeded ? created.Refusal.ToProblem()
            : await groups.FindAsync(created.Value.GroupId, cancellationToken) is { } group ? TypedResults.Created($"/api/groups/{group.Id}", group)
            : NotFound(created.Value.GroupId).ToProblem();
    }

    private static async Task<Results<Ok<Page<GroupListItem>>, ProblemHttpResult>> ListGroups(
        [Description("none: without participants, all of them if absent.")] ParticipantsShown? participants,
        [Description("false: without those that are archived; true: these only.")] bool? archived, [AsParameters] PageRequest page, ClaimsPrincipal user, GroupStatements groups, CancellationToken cancellationToken)
    {
        var found = await groups.ListAsync(user.Id(), archived, page, participants != ParticipantsShown.None, cancellationToken);
        return found.IsProblem(out var problem, out var items) ? problem : TypedResults.Ok(items);
    }

    private static async Task<Results<Ok<GroupResponse>, ProblemHttpResult>> GetGroup(
        Guid id, ClaimsPrincipal user, GroupStatements groups, CancellationToken cancellationToken) =>
        await groups.FindAsync(id, user.Id(), cancellationToken) is { } group ? TypedResults.Ok(group) : NotFound(id).ToProblem();

    private static async Task<Results<Ok<GroupResponse>, ProblemHttpResult>> RenameGroup(
        Guid id, MergePatch<GroupRequest> patch, ClaimsPrincipal user, HttpRequest request, GroupWriter writer, GroupStatements groups, MergePatcher patcher,
        CancellationToken cancellationToken)
    {
        ProblemHttpResult? invalid = null;
        var refusal = await writer.ChangeAsync(
            id,
            user,
            [],
            async (group, me) =>
            {
                if (Forbidden(me.Manages) is { } forbidden)
                {
                    return forbidden;
                }

                if (await writer.ForbidsChangeAsync(request, id, cancellationToken))
                {
                    return Refusal.PreconditionFailed;
                }

                if (!(await patcher.ApplyAsync(patch, new GroupRequest(group.GroupName), cancellationToken)).IsProblem(out invalid, out var changed))
                {
                    group.GroupName = changed.Name!;
                }

                return null;
            },
            cancellationToken);
        return (invalid ?? refusal?.ToProblem()) is { } problem ? problem : await GetGroup(id, user, groups, cancellationToken);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteGroup(
        Guid id, ClaimsPrincipal user, HttpRequest request, GroupWriter writer, CancellationToken cancellationToken)
    {
        var refusal = await writer.ChangeAsync(
            id,
            user,
            [],
            async (group, me) =>
            {
                if (Forbidden(me.Role == GroupRole.Owner) is { } forbidden)
                {
                    return forbidden;
                }

                if (await writer.ForbidsChangeAsync(request, id, cancellationToken))
                {
                    return Refusal.PreconditionFailed;
                }

                group.Participants.Clear();
                return null;
            },
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }

    public static Refusal? Forbidden(bool allowed) =>
        allowed ? null : new(RefusalKind.Forbidden, "group_role_insufficient", "Your role in this group does not allow this.");

    public static Refusal NotFound(Guid id) => Refusal.ConversationNotFound(Conversation.Group(id));
}
