using Explaino.ChatService.Notifications;
using Explaino.ServiceDefaults.Errors;

namespace Explaino.ChatService.Presence;

/// <summary>Introductions: people who share a conversation from now on hear of each other's presence, as on connecting.</summary>
internal sealed class PresenceIntroductions(PresenceStatements presence, Notifier notifier, ILogger<PresenceIntroductions> logger)
{
    /// <param name="newcomers">Those who are in it since a moment ago.</param>
    /// <param name="members">Everybody who is in it now.</param>
    public async Task IntroduceAsync(IReadOnlyCollection<Guid> newcomers, IReadOnlyCollection<Guid> members)
    {
        if (newcomers.Count == 0)
        {
            return;
        }

        try
        {
            var known = await presence.OfAsync([.. members], CancellationToken.None);
            var blocks = await presence.BlocksAmongAsync([.. members], CancellationToken.None);
            var listening = known.Where(member => member.Online).Select(member => member.UserId).ToList();
            foreach (var member in known)
            {
                var told = newcomers.Contains(member.UserId) ? listening : listening.Intersect(newcomers);
                notifier.Notify(new ContactChanged(member), [.. told.Where(userId => userId != member.UserId && !blocks.Contains((userId, member.UserId)))]);
            }
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            // A hint only: who connects anew is told anyway.
            logger.LogInformation(e, "Newcomers to a conversation could not be told who is there");
        }
    }
}
