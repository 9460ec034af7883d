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
        groups.MapGet("/{id:guid}/participants", ListParticipants).WithName(nameof(ListParticipants)).WithSummary("List everybody in a group");
        groups.MapPost("/{id:guid}/participants", AddParticipants).WithName(nameof(AddParticipants)).WithSummary("Bring people in, as owner or admin");
        groups.MapDelete("/{id:guid}/participants/{userId:guid}", RemoveParticipant).WithName(nameof(RemoveParticipant)).WithSummary("Leave, or remove a participant as owner or admin");
        groups.MapPut("/{id:guid}/participants/{userId:guid}/role", ChangeRole).WithName(nameof(ChangeRole)).WithSummary("Give a role, as the owner; giving the owner's passes the group on");
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

    private static async Task<Results<Ok<Page<ParticipantResponse>>, ProblemHttpResult>> ListParticipants(
        Guid id, ClaimsPrincipal user, GroupStatements groups, CancellationToken cancellationToken) =>
        await groups.FindAsync(id, user.Id(), cancellationToken) is { } group ? TypedResults.Ok(new Page<ParticipantResponse>(group.Participants)) : NotFound(id).ToProblem();

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

    private static async Task<Results<Created<GroupResponse>, ProblemHttpResult>> AddParticipants(
        Guid id, AddParticipantsRequest request, ClaimsPrincipal user, GroupWriter writer, GroupStatements groups, TimeProvider clock, CancellationToken cancellationToken)
    {
        Guid[] newcomers = [.. request.UserIds!.Distinct()];
        var refusal = await writer.ChangeAsync(
            id,
            user,
            newcomers,
            (group, me) =>
            {
                if (Forbidden(me.Manages) is { } forbidden)
                {
                    return Task.FromResult<Refusal?>(forbidden);
                }

                group.Add(newcomers, clock.GetUtcNow());
                return Allowed;
            },
            cancellationToken);
        return refusal is null && await groups.FindAsync(id, cancellationToken) is { } group
            ? TypedResults.Created($"/api/groups/{id}/participants", group)
            : (refusal ?? NotFound(id)).ToProblem();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveParticipant(
        Guid id, Guid userId, ClaimsPrincipal user, GroupWriter writer, CancellationToken cancellationToken)
    {
        var refusal = await writer.ChangeAsync(
            id,
            user,
            [],
            (group, me) =>
            {
                if (group.Find(userId) is not { } leaving)
                {
                    return Task.FromResult<Refusal?>(ParticipantNotFound());
                }

                // The owner cannot be removed, only leave.
                if (leaving != me && Forbidden(me.Manages && leaving.Role != GroupRole.Owner) is { } forbidden)
                {
                    return Task.FromResult<Refusal?>(forbidden);
                }

                group.Remove(leaving);
                return Allowed;
            },
            cancellationToken);
        return refusal is null ? TypedResults.NoContent() : refusal.ToProblem();
    }

    private static async Task<Results<Ok<ParticipantResponse>, ProblemHttpResult>> ChangeRole(
        Guid id, Guid userId, RoleRequest request, ClaimsPrincipal user, GroupWriter writer, GroupStatements groups, CancellationToken cancellationToken)
    {
        var role = request.Role!.Value;
        var refusal = await writer.ChangeAsync(
            id,
            user,
            [],
            (group, me) =>
            {
                if (Forbidden(me.Role == GroupRole.Owner) is { } forbidden)
                {
                    return Task.FromResult<Refusal?>(forbidden);
                }

                if (group.Find(userId) is not { } participant)
                {
                    return Task.FromResult<Refusal?>(ParticipantNotFound());
                }

                if (participant == me && role != GroupRole.Owner)
                {
                    return Task.FromResult<Refusal?>(new Refusal(RefusalKind.Conflict, "owner_required", "A group has an owner: make somebody else the owner instead."));
                }

                group.GiveRole(participant, role);
                return Allowed;
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal.ToProblem();
        }

        var group = await groups.FindAsync(id, user.Id(), cancellationToken);
        return group?.Participants.SingleOrDefault(participant => participant.User.Id == userId) is { } changed ? TypedResults.Ok(changed) : ParticipantNotFound().ToProblem();
    }

    private static Task<Refusal?> Allowed => Task.FromResult<Refusal?>(null);

    private static Refusal? Forbidden(bool allowed) =>
        allowed ? null : new(RefusalKind.Forbidden, "group_role_insufficient", "Your role in this group does not allow this.");

    private static Refusal NotFound(Guid id) => Refusal.ConversationNotFound(Conversation.Group(id));

    private static Refusal ParticipantNotFound() => new(RefusalKind.NotFound, "participant_not_found", "There is no such participant in this group.");
}
