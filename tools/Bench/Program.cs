using System.Globalization;
using Explaino.Bench;
using Explaino.Bench.Limits;

switch (args)
{
    case ["bare", var address]:
        await BareServer.RunAsync(address);
        return 0;

    case ["run", var postgres, var rabbitMq, .. var options]:
        await using (var system = await BenchSystem.StartAsync(int.Parse(postgres, CultureInfo.InvariantCulture), int.Parse(rabbitMq, CultureInfo.InvariantCulture)))
        {
            return await Benchmark.RunAsync(system, Options.Parse(options));
        }

    default:
        await Console.Error.WriteLineAsync("usage: bare <address> | run <postgres port> <rabbitmq port> [--quick] [--only <word>]; ./dev bench calls it");
        return 2;
}
