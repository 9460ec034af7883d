using Explaino.Bench.Figures;
using Explaino.Bench.Load;
using Explaino.Bench.Rows;

namespace Explaino.Bench;

/// <summary>1. A tenth of the data: what grows is measured alone. 2. All of it: every row beside its limit. 3. The table; the quick form judges it.</summary>
internal static class Benchmark
{
    public static async Task<int> RunAsync(BenchSystem system, Options options)
    {
        var (data, users) = (new Data(system), new Users(system));
        var measurement = new Measurement(system, options, duration => Reads.Bare(system, users, duration));
        var rows = ((IEnumerable<Row>)[.. Reads.Of(system, data, users), .. Writes.Of(system, data, users), .. Sessions.Of(system, data)])
            .Where(row => options.Wants(row.Name) && (row.Target is not null || !options.IsQuick)).ToList();

        Say($"{options.Rows / 10:N0} users, profiles, wallets and posts");
        await data.GrowAsync(options.Rows / 10);
        var small = new Dictionary<string, double>();
        foreach (var row in rows.Where(row => row.Grows && !options.IsQuick))
        {
            users.Prepare();
            small[row.Name] = measurement.BesideYardstick(row);
        }

        Say($"{options.Rows:N0} of them");
        await data.GrowAsync(options.Rows);
        users.Forget();
        var table = new Table();
        foreach (var row in rows)
        {
            users.Prepare();
            var measured = measurement.Of(row);
            Keep(table.Add(measured, small.TryGetValue(row.Name, out var before) ? before / measurement.BesideYardstick(row) : null));
        }

        await foreach (var figure in options.WantsFigures ? FiguresAsync(system, data, users, options) : AsyncEnumerable.Empty<Figure>())
        {
            Keep(table.Add(figure));
        }

        Console.WriteLine();
        Console.Write(table);
        return options.IsQuick ? Floors.Judge(table.Measured) : 0;

        // At once: half an hour's figures are not lost with one that fails.
        void Keep(string line)
        {
            Say(line);
            File.WriteAllText(Path.Combine(BenchSystem.State, "table.md"), table.ToString());
        }
    }

    private static async IAsyncEnumerable<Figure> FiguresAsync(BenchSystem system, Data data, Users users, Options options)
    {
        users.Prepare();
        if (options.Wants("added"))
        {
            yield return ProcessFigures.Added(
                Reads.Get(system, users, "gateway", options.Duration, () => "/api/users/me", connections: 1),
                Reads.Get(system, users, "identity", options.Duration, () => "/api/users/me", connections: 1));
        }

        if (options.Wants("registration"))
        {
            yield return await Registration.MeasureAsync(system, options.IsQuick ? 20 : 200);
        }

        await foreach (var figure in options.Wants("outbox") ? Outbox.MeasureAsync(system, data, users, options) : AsyncEnumerable.Empty<Figure>())
        {
            yield return figure;
        }

        if (options.Wants("consumers"))
        {
            yield return await Consumers.MeasureAsync(system, data, options);
        }

        await foreach (var figure in options.Wants("chat") ? Chat.MeasureAsync(system, users, options) : AsyncEnumerable.Empty<Figure>())
        {
            yield return figure;
        }

        if (options.Wants("instances"))
        {
            yield return await ChatInstances.MeasureAsync(system, users, options);
        }

        foreach (var figure in options.Wants("compressed") ? Compression.Measure(system, users, options) : [])
        {
            yield return figure;
        }

        await foreach (var figure in options.Wants("pictures") ? Pictures.MeasureAsync(system, users, options) : AsyncEnumerable.Empty<Figure>())
        {
            yield return figure;
        }

        await foreach (var figure in options.Wants("Aspire") || options.Wants("./dev run") ? AppHostFigures.MeasureAsync() : AsyncEnumerable.Empty<Figure>())
        {
            yield return figure;
        }

        foreach (var figure in ProcessFigures.Of(system))
        {
            yield return figure;
        }

        await foreach (var figure in options.Wants("fresh process") ? FreshProcess.MeasureAsync(system, users, options) : AsyncEnumerable.Empty<Figure>())
        {
            yield return figure;
        }
    }

    private static void Say(string line) => Console.WriteLine($"  {line}");
}
