using Explaino.Testing;
using Npgsql;

namespace Explaino.Trust.Tests.Machine;

/// <summary>A disk is full while people work: of the files, of the database's tables, of its log, of what processes say.</summary>
[Collection(nameof(MachineSystem))]
public sealed class DiskTests(MachineSystem system)
{
    [Fact]
    public async Task The_disk_of_files_is_full()
    {
        Assert.SkipWhen(SmallDisk.Obstacle is not null, SmallDisk.Obstacle ?? "");

        await new Endurance(system).EndureAsync(Full("disk of files full", "DiskShort", system.FilesDisk), withFiles: true);
    }

    [Fact]
    public async Task The_disk_of_tables_is_full()
    {
        Assert.SkipWhen(SmallDisk.Obstacle is not null, SmallDisk.Obstacle ?? "");

        await new Endurance(system).EndureAsync(Full("disk of tables full", "DatabaseCommandsFail", system.TablesDisk));
    }

    /// <summary>PostgreSQL ends itself (PANIC) when its log cannot grow. Whatever started it in production starts it again, as here.</summary>
    [Fact]
    public async Task The_disk_of_the_databases_log_is_full()
    {
        Assert.SkipWhen(SmallDisk.Obstacle is not null, SmallDisk.Obstacle ?? "");

        await new Endurance(system).EndureAsync(new("disk of the database's log full", "ErrorBudgetBurnsFast")
        {
            BeginAsync = async () =>
            {
                system.LogDisk.Fill();
                await Eventually.TrueAsync(async () => !await AnswersAsync("SELECT pg_switch_wal()"));
            },
            EndAsync = async () =>
            {
                system.LogDisk.MakeRoom();
                await Eventually.TrueAsync(async () =>
                {
                    await system.Postgres.StartAsync();
                    return await AnswersAsync("SELECT 1");
                });
            },
        });
    }

    [Fact]
    public async Task The_disk_of_what_processes_say_is_full()
    {
        Assert.SkipWhen(Misbehaviour.Obstacle is not null, Misbehaviour.Obstacle ?? "");
        var said = "";

        await new Endurance(system).EndureAsync(new("disk of what processes say full", "DiskShort")
        {
            IsMeasured = false,
            BeginAsync = async () =>
            {
                system.Misbehaviour.Begin(Misbehaviour.FullOutput);

                // What was said just before may still be on its way here.
                await HaveWalletSaySomethingAsync();
                said = system[Service.Wallet].Log;
                await HaveWalletSaySomethingAsync();
            },
            EndAsync = async () =>
            {
                Assert.Equal(said, system[Service.Wallet].Log);
                system.Misbehaviour.End(Misbehaviour.FullOutput);
                await HaveWalletSaySomethingAsync();
                await Eventually.TrueAsync(() => system[Service.Wallet].Log != said);
            },
        });
    }

    private static Trouble Full(string name, string alert, SmallDisk disk) => new(name, alert)
    {
        BeginAsync = () =>
        {
            disk.Fill();
            return Task.CompletedTask;
        },
        EndAsync = () =>
        {
            disk.MakeRoom();
            return Task.CompletedTask;
        },
    };

    /// <summary>Without its database it warns of each call.</summary>
    private async Task HaveWalletSaySomethingAsync()
    {
        var wires = system.WiresFrom(Service.Wallet, MachineSystem.TheDatabase);
        foreach (var wire in wires)
        {
            wire.TakeAway();
        }

        await Eventually.TrueAsync(async () => !(await system[Service.Wallet].Client.GetAsync("/health")).IsSuccessStatusCode);
        foreach (var wire in wires)
        {
            wire.BringBack();
        }
    }

    private async Task<bool> AnswersAsync(string statement)
    {
        try
        {
            await system.Postgres.ExecuteAsync(statement);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
