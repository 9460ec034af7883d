using Explaino.ChatService.Conversations;
using Explaino.ChatService.Devices;
using Explaino.ServiceData.Postgres;
using Npgsql;

namespace Explaino.ChatService.Push;

/// <summary>Leases of standing pushes, and what became of them.</summary>
internal sealed class PushStatements(NpgsqlDataSource database)
{
    private const string Lease = "interval '30 seconds'";

    /// <remarks>Not to be cancelled: a lease that was written and not read would have to run out.</remarks>
    public async Task<List<LeasedPush>> LeaseAsync(PushProvider provider, int atOnce)
    {
        await using var command = database.Command(
            $"""
            UPDATE pushes SET due_at = clock_timestamp() + {Lease}, attempts = attempts + 1
            WHERE (device_id, subject_id) IN (
                SELECT device_id, subject_id FROM pushes WHERE provider = @provider AND due_at <= clock_timestamp() AND expires_at > clock_timestamp()
                ORDER BY due_at LIMIT {atOnce} FOR UPDATE SKIP LOCKED)
            RETURNING device_id, subject, subject_id, seq, version, attempts, due_at
            """,
            ("provider", WordConversion.WordOf(provider)));
        var leased = new List<LeasedPush>();
        await using var row = await command.ExecuteReaderAsync(CancellationToken.None);
        while (await row.ReadAsync(CancellationToken.None))
        {
            leased.Add(new(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5), row.GetFieldValue<DateTimeOffset>(6)));
        }

        return leased;
    }

    /// <summary>Due again now, for whoever takes it first; what was finished meanwhile stands under that lease no more.</summary>
    /// <remarks>Locked in the planner's order, so that the two never wait for each other.</remarks>
    public Task ReleaseAsync(IReadOnlyList<LeasedPush> pushes) => WriteAsync(
        """
        WITH held AS (
            SELECT push.device_id, push.subject_id FROM pushes AS push
            JOIN unnest(@devices, @subjects, @leases) AS lease (device_id, subject_id, ends_at) ON push.device_id = lease.device_id AND push.subject_id = lease.subject_id AND push.due_at = lease.ends_at
            ORDER BY push.device_id, push.subject_id FOR UPDATE OF push
        )
        UPDATE pushes AS push SET due_at = clock_timestamp()
        FROM held WHERE push.device_id = held.device_id AND push.subject_id = held.subject_id
        """,
        ("devices", pushes.Select(push => push.DeviceId).ToArray()), ("subjects", pushes.Select(push => push.SubjectId).ToArray()),
        ("leases", pushes.Select(push => push.LeaseEndsAt).ToArray()));

    /// <summary>Told, or nothing left to tell; but if it was planned anew meanwhile, it is due again.</summary>
    /// <param name="push">Which.</param>
    /// <param name="badge">What the device was told it is; null if nothing was sent.</param>
    /// <remarks>
    /// Two pushes to one device may overtake each other, and what is leased again may have been sent before: where the device may show another badge than the latest, that is due anew.
    /// The device is held, so that of two who finish at once one sees the other.
    /// </remarks>
    public async Task FinishAsync(LeasedPush push, long? badge)
    {
        (string, object?)[] parameters =
        [
            ("version", push.Version), ("attempts", push.Attempts), ("device", push.DeviceId), ("subject", push.SubjectId), ("lease_ends_at", push.LeaseEndsAt),
            ("sent", badge is not null), ("badge", badge ?? 0L),
        ];
        await using var batch = database.Holding(
            "devices WHERE id = @device",
            $"""
            INSERT INTO push_dues (subject, subject_id, seq, due_at)
            SELECT '{PushDues.OfBadge}', user_id, 0, clock_timestamp() FROM devices WHERE id = @device AND CASE WHEN @sent THEN EXISTS (
                SELECT FROM pushes AS other WHERE other.device_id = @device AND other.subject_id <> @subject AND other.sent_at > @lease_ends_at - {Lease} AND other.badge <> @badge)
                ELSE @attempts > 1 END
            ON CONFLICT (subject_id, seq) DO UPDATE SET session_id = NULL
            """,
            parameters);
        batch.BatchCommands.Add(Statements.BatchCommand(
            """
            UPDATE pushes SET due_at = CASE WHEN version = @version THEN NULL ELSE clock_timestamp() END, attempts = 0,
                sent_at = CASE WHEN @sent THEN clock_timestamp() ELSE sent_at END, badge = CASE WHEN @sent THEN @badge ELSE badge END
            WHERE device_id = @device AND subject_id = @subject
            """,
            parameters));
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Tried again then, unless it is out of date by that time.</summary>
    public Task PostponeAsync(LeasedPush push, TimeSpan delay) => WriteAsync(
        "UPDATE pushes SET due_at = clock_timestamp() + @delay WHERE device_id = @device AND subject_id = @subject",
        ("delay", delay), ("device", push.DeviceId), ("subject", push.SubjectId));

    /// <summary>A device whose token is refused for good goes, unless it has got another one since.</summary>
    public Task RemoveDeviceAsync(Guid deviceId, string token) =>
        WriteAsync("DELETE FROM devices WHERE id = @device AND token = @token", ("device", deviceId), ("token", token));

    private async Task WriteAsync(string sql, params (string, object?)[] parameters)
    {
        await using var command = database.Command(sql, parameters);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
