using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ChatOps.Scenarios.World;

/// <summary>What the product warned of in a story, for whoever waited in vain and looks for the reason.</summary>
internal sealed class Trouble : ILoggerProvider, ILogger
{
    private const int Most = 12;

    private readonly ConcurrentQueue<string> lines = new();

    public override string ToString() => lines.IsEmpty ? "It warned of nothing." : $"It warned of:\n{string.Join('\n', lines)}";

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        lines.Enqueue($"{DateTime.UtcNow:HH:mm:ss} {formatter(state, exception)} {exception}");
        while (lines.Count > Most)
        {
            lines.TryDequeue(out _);
        }
    }

    public void Dispose()
    {
    }
}
