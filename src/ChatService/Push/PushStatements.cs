using Explaino.ChatService.Conversations;
using Explaino.ChatService.Devices;
using Explaino.ServiceData.Postgres;
using Npgsql;

namespace Explaino.ChatService.Push;

/// <summary>Leases of standing pushes, and what became of them.</summary>
internal sealed class PushStatements(NpgsqlDataSource database)
{
    public async Task<List<LeasedPush>> LeaseAsync(PushProvider provider, int atOnce, CancellationToken cancellationToken)
    {
        await using var command = database.Command(
            """
            UPDATE pushes SET due_at = clock_timestamp() + interval '30 seconds', attempts = attempts + 1
            WHERE (device_id, subject_id) IN (
                SELECT device_id, subject_id FROM pushes WHERE provider = @provider AND due_at <= clock_timestamp() AND expires_at > clock_timestamp()
                ORDER BY due_at LIMIT @at_once FOR UPDATE SKIP LOCKED)
            RETURNING device_id, subject, subject_id, seq, version, attempts
            """,
            ("provider", WordConversion.WordOf(provider)), ("at_once", atOnce));
        var leased = new List<LeasedPush>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            leased.Add(new(row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5)));
        }

        return leased;
    }

    /// <summary>Told, or nothing left to tell; but if it was planned anew meanwhile, it is due again.</summary>
    public Task FinishAsync(LeasedPush push, bool wasSent) => WriteAsync(
        """
        UPDATE pushes SET due_at = CASE WHEN version = @version THEN NULL ELSE clock_timestamp() END, attempts = 0,
            sent_at = CASE WHEN @sent THEN clock_timestamp() ELSE sent_at END
        WHERE device_id = @device AND subject_id = @subject
        """,
        ("version", push.Version), ("sent", wasSent), ("device", push.DeviceId), ("subject", push.SubjectId));

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
