using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Routing.Edge.Tests;

/// <summary>Keeps every line that is logged, with the name of its logger.</summary>
[ProviderAlias("Kept")]
internal sealed class KeptLogs : ILoggerProvider
{
    /// <summary>Everything at its most talkative, whatever the common rules say.</summary>
    public static readonly Dictionary<string, string?> Talkative = new(StringComparer.Ordinal) { ["Logging:Kept:LogLevel:Default"] = "Trace" };

    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Keeper(this, categoryName);

    public void Dispose() { }

    private sealed class Keeper(KeptLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            logs.Lines.Enqueue($"{category} scope: {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Lines.Enqueue($"{category} {logLevel}: {formatter(state, exception)} {exception}");
    }
}
