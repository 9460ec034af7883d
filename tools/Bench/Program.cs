using System.Globalization;
using Explaino.Bench;
using Explaino.Bench.Limits;
using Explaino.Bench.Scale;

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

    case ["simulate", var performance, var picture]:
        await ScaleReport.WriteAsync(performance, picture, Console.Out);
        return 0;

    default:
        await Console.Error.WriteLineAsync("usage: bare <address> | run <postgres port> <rabbitmq port> [--quick] [--only <word>] | simulate <docs/performance.md> <picture>; ./dev bench calls it");
        return 2;
}
