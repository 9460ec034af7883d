using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Explaino.Testing;

/// <summary>The last lines that a service wrote, kept in memory for the test that wants to see or print them.</summary>
internal sealed class BoundedLog : ILoggerProvider
{
    private const int Capacity = 2_000;

    private readonly ConcurrentQueue<string> _lines = new();

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (_lines.Count > Capacity)
        {
            _lines.TryDequeue(out _);
        }
    }

    public override string ToString() => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        // The log outlives the host that wrote it.
    }

    private sealed class Logger(BoundedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Add($"{logLevel}: {category}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
    }
}
