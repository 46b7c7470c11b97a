using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting.Tests;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLoggers : ILoggerFactory
{
    public ConcurrentQueue<(string Category, string Message)> Messages { get; } = new();

    public ILogger CreateLogger(string categoryName) => new RecordingLogger(this, categoryName);

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    private sealed class RecordingLogger(RecordingLoggers loggers, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            loggers.Messages.Enqueue((category, formatter(state, exception)));
    }
}
