using Explaino.Testing.Histories;

namespace Explaino.Testing.Tests;

/// <summary>The checker of histories: what some order explains passes, and what none does is named.</summary>
public sealed class LinearizabilityTests
{
    private static readonly WalletState Ten = new(10);
    private static readonly Guid Hello = Guid.CreateVersion7();
    private static readonly Guid World = Guid.CreateVersion7();

    [Fact]
    public void Reads_while_a_transfer_is_under_way_may_tell_either_balance_but_not_the_old_one_after_the_new()
    {
        Operation<WalletState> transfer = new("transfer 3", 1, 10, WalletState.Debit(3));

        Assert.Null(Linearizability.Complaint(Ten, [transfer, Read(2, 3, 10), Read(4, 5, 7), Read(11, 12, 7)]));
        Assert.NotNull(Linearizability.Complaint(Ten, [transfer, Read(2, 3, 7), Read(4, 5, 10)]));
    }

    [Fact]
    public void Two_of_three_transfers_that_together_are_too_much_come_to_pass() =>
        Assert.Null(Linearizability.Complaint(Ten,
        [
            new("transfer 6", 1, 9, WalletState.Debit(6)), new("transfer 5 refused", 1, 9, WalletState.TooPoorFor(5)), new("transfer 4", 1, 9, WalletState.Debit(4)), Read(10, 11, 0),
        ]));

    [Fact]
    public void Seeded_a_stale_read_after_an_acknowledged_write_is_found()
    {
        var complaint = Linearizability.Complaint(Ten, [new("transfer 3", 1, 2, WalletState.Debit(3)), Read(3, 4, 10)]);

        Assert.StartsWith("No order explains: read 10. Before it: WalletState { Balance = 7 }", complaint, StringComparison.Ordinal);
    }

    [Fact]
    public void Seeded_a_lost_update_is_found() =>
        Assert.NotNull(Linearizability.Complaint(Ten, [new("credit 3", 1, 4, WalletState.Credit(3)), new("credit 5", 2, 5, WalletState.Credit(5)), Read(6, 7, 15)]));

    [Fact]
    public void Seeded_an_effect_that_a_retry_doubled_is_found() =>
        Assert.NotNull(Linearizability.Complaint(Ten, [new("credit 3, twice with one key", 1, 5, WalletState.Credit(3)), Read(6, 7, 16)]));

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 7, true)]
    [InlineData(7, 7, true)]
    [InlineData(7, 10, false)]
    [InlineData(7, 4, false)]
    public void What_was_never_answered_came_to_pass_once_or_not_at_all(int first, int second, bool isExplained)
    {
        Operation<WalletState> unknown = new("transfer 3, no answer", 1, null, WalletState.Debit(3));

        Assert.Equal(isExplained, Linearizability.Complaint(Ten, [unknown, Read(2, 3, first), Read(4, 5, second)]) is null);
    }

    [Fact]
    public void A_conversation_read_whole_tells_what_was_sent_in_the_order_of_its_numbers()
    {
        Operation<ConversationState> hello = new("hello", 1, 5, ConversationState.Send(Hello, 1));
        Operation<ConversationState> world = new("world", 2, 6, ConversationState.Send(World, 2));

        Assert.Null(Complaint(hello, world, Read(3, 4, Hello), Read(7, 8, Hello, World)));
        Assert.NotNull(Complaint(hello, world, Read(7, 8, World, Hello)));
        Assert.NotNull(Complaint(hello, world, Read(7, 8, Hello)));
        Assert.NotNull(Complaint(hello, world, Read(7, 8, Hello, World, World)));
    }

    [Fact]
    public void Seeded_a_number_given_twice_is_found() =>
        Assert.NotNull(Complaint(new("hello", 1, 5, ConversationState.Send(Hello, 1)), new("world", 2, 6, ConversationState.Send(World, 1))));

    [Fact]
    public void Thousands_of_operations_of_many_clients_take_no_time()
    {
        const int Operations = 5_000;
        var balance = 0;
        var history = new List<Operation<WalletState>>();
        for (var at = 0; at < Operations; at++)
        {
            // A credit comes to pass at once, and is under way for the next eight operations.
            history.Add(at % 2 == 0 ? new("credit 1", at, at + 8, WalletState.Credit(1)) : Read(at, at, balance));
            balance += at % 2 == 0 ? 1 : 0;
        }

        Assert.Null(Linearizability.Complaint(new WalletState(0), history));
        Assert.NotNull(Linearizability.Complaint(new WalletState(0), history.Append(Read(2 * Operations, 2 * Operations, balance - 1))));
    }

    private static string? Complaint(params Operation<ConversationState>[] history) => Linearizability.Complaint(ConversationState.Empty, history);

    private static Operation<ConversationState> Read(long called, long returned, params Guid[] messages) => new($"read {messages.Length}", called, returned, ConversationState.Read(messages));

    private static Operation<WalletState> Read(long called, long returned, int balance) => new($"read {balance}", called, returned, WalletState.Read(balance));
}
