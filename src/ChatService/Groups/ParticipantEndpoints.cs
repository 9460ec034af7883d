using System.Security.Claims;
using Explaino.ChatService.Conversations;
using Explaino.ChatService.Http;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Explaino.ChatService.Groups;

internal static class ParticipantEndpoints
{
    public static void MapParticipants(this IEndpointRouteBuilder groups)
    {
        groups.MapGet("/{id:guid}/participants", ListParticipants).WithName(nameof(ListParticipants)).WithSummary("List everybody in a group");
        groups.MapPost("/{id:guid}/participants", AddParticipants).WithName(nameof(AddParticipants)).WithSummary("Bring people in, as owner or admin");
        groups.MapDelete("/{id:guid}/participants/{userId:guid}", RemoveParticipant).WithName(nameof(RemoveParticipant)).WithSummary("Leave, or remove a participant as owner or admin");
        groups.MapPut("/{id:guid}/participants/{userId:guid}/role", ChangeRole).WithName(nameof(ChangeRole)).WithSummary("Give a role, as the owner; giving the owner's passes the group on");
    }

    private static async Task<Results<Ok<Page<ParticipantResponse>>, ProblemHttpResult>> ListParticipants(
        Guid id, ClaimsPrincipal user, GroupStatements groups, CancellationToken cancellationToken) =>
        await groups.FindAsync(id, user.Id(), cancellationToken) is { } group ? TypedResults.Ok(new Page<ParticipantResponse>(group.Participants)) : GroupEndpoints.NotFound(id).ToProblem();

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
                if (GroupEndpoints.Forbidden(me.Manages) is { } forbidden)
                {
                    return Task.FromResult<Refusal?>(forbidden);
                }

                group.Add(newcomers, clock.GetUtcNow());
                return Allowed;
            },
            cancellationToken);
        return refusal is null && await groups.FindAsync(id, cancellationToken) is { } group
            ? TypedResults.Created($"/api/groups/{id}/participants", group)
            : (refusal ?? GroupEndpoints.NotFound(id)).ToProblem();
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
                if (leaving != me && GroupEndpoints.Forbidden(me.Manages && leaving.Role != GroupRole.Owner) is { } forbidden)
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
                if (GroupEndpoints.Forbidden(me.Role == GroupRole.Owner) is { } forbidden)
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

    private static Refusal ParticipantNotFound() => new(RefusalKind.NotFound, "participant_not_found", "There is no such participant in this group.");
}
