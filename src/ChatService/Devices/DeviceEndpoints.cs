using System.Security.Claims;
using Explaino.ChatService.Data;
using Explaino.ServiceData.People;
using Explaino.ServiceData.Postgres;
using Explaino.ServiceDefaults.Authentication;
using Explaino.ServiceDefaults.Errors;
using Explaino.ServiceDefaults.Paging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Explaino.ChatService.Devices;

internal static class DeviceEndpoints
{
    public static void MapDevices(this IEndpointRouteBuilder api)
    {
        var devices = api.MapGroup("/devices").WithTags("Devices");
        devices.MapGet("/", ListDevices).WithName(nameof(ListDevices)).WithSummary("List your devices");
        devices.MapPut("/{deviceId:guid}", RegisterDevice).WithName(nameof(RegisterDevice)).WithSummary("Register this installation for pushes, until the session ends");
        devices.MapDelete("/{deviceId:guid}", RemoveDevice).WithName(nameof(RemoveDevice)).WithSummary("Remove a device");
    }

    private static async Task<Results<Ok<Page<DeviceResponse>>, ProblemHttpResult>> ListDevices(
        [AsParameters] PageRequest page, ClaimsPrincipal user, ChatDbContext db, CancellationToken cancellationToken)
    {
        if (!page.TryRead<DevicePosition>("devices", out var last, out var refusal))
        {
            return refusal;
        }

        var (userId, after) = (user.Id(), last?.Id ?? Guid.Empty);
        var found = await db.Devices.Where(device => device.UserId == userId && device.Id > after).OrderBy(device => device.Id).TakePage(page)
            .Select(DeviceResponse.Projection).ToListAsync(cancellationToken);
        return TypedResults.Ok(found.ToPage(page, "devices", device => new DevicePosition(device.DeviceId)));
    }

    private static async Task<Results<Ok<DeviceResponse>, ProblemHttpResult>> RegisterDevice(
        Guid deviceId, DeviceRequest request, ClaimsPrincipal user, ChatDbContext db, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.LockActivePersonAsync(user, cancellationToken) is { } gone)
        {
            return gone;
        }

        if (!await db.RegisterAsync(deviceId, user, request, clock.GetUtcNow(), cancellationToken))
        {
            return Problems.Unauthorized("unauthenticated", "The session has ended.");
        }

        var device = await db.Devices.Where(device => device.Id == deviceId).Select(DeviceResponse.Projection).SingleAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return TypedResults.Ok(device);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveDevice(
        Guid deviceId, ClaimsPrincipal user, ChatDbContext db, CancellationToken cancellationToken)
    {
        var userId = user.Id();
        var removed = await db.Devices.Where(device => device.Id == deviceId && device.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        return removed == 1 ? TypedResults.NoContent() : Problems.NotFound("device_not_found", "You have no such device.");
    }
}
