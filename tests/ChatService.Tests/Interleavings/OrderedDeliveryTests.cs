using Explaino.Testing.Interleavings;

namespace Explaino.ChatService.Tests.Interleavings;

/// <summary>Ordered delivery, however two senders' commits, their announcements and a device's reads fall: each message once, in order, and in the end as it is.</summary>
public sealed class OrderedDeliveryTests
{
    [Fact]
    public void Whatever_order_announcements_take_a_device_is_given_each_message_once_and_in_order() =>
        Interleaving.Explore(Interleaving.Many, schedule => Arrange(schedule, new(schedule, loses: false)));

    [Fact]
    public void What_is_lost_before_a_resync_is_given_too() =>
        Interleaving.Explore(Interleaving.Many, schedule => Arrange(schedule, new(schedule, loses: true)));

    [Fact]
    public void Seeded_messages_that_commit_in_another_order_than_that_of_their_numbers_are_missed()
    {
        var found = Interleaving.FindFailure(Interleaving.Many, schedule => Arrange(schedule, new(schedule, loses: true) { CommitsOutOfOrder = true }));

        Assert.Contains("comes after", found?.Failure.Message, StringComparison.Ordinal);
    }

    private static Action Arrange(Schedule schedule, ScheduledChat chat)
    {
        var device = new ScheduledDevice(schedule, chat);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            schedule.Run(() => chat.TalkAsync(device.Connection, times: 4));
        }

        schedule.Run(() => Task.Delay(TimeSpan.FromSeconds(30), schedule.Clock));
        return () =>
        {
            Assert.Empty(device.Complaints);
            Assert.Equal(chat.Messages, device.Shown);
        };
    }
}
