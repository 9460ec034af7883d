namespace Explaino.ChatService.Push;

/// <summary>Quiet hours: from a time of day to another where somebody lives, over midnight if they end earlier than they begin.</summary>
internal static class QuietHours
{
    public static bool IsNow(TimeOnly? from, TimeOnly? to, string? timeZone, DateTimeOffset now)
    {
        if (from is not { } begin || to is not { } end || timeZone is null || !TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone))
        {
            return false;
        }

        return TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).IsBetween(begin, end);
    }
}
