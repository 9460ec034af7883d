using Explaino.Bench;
using Explaino.Bench.Limits;

switch (args)
{
    case ["bare", var address]:
        await BareServer.RunAsync(address);
        return 0;

    case ["run", var root, var state, .. var options, var ports]:
        return await Benchmark.RunAsync(new BenchSystem(root, state, ports), Options.Parse(options));

    default:
        await Console.Error.WriteLineAsync("usage: bare <address> | run <repository> <state folder> [--quick] [--only <word>] <name=port,…>; ./dev bench calls it");
        return 2;
}
