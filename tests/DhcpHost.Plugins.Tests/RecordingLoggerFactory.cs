using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Tests;

/// <summary>A log that keeps the last line, and the text of all.</summary>
internal sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
{
    public string Category { get; private set; } = "";

    public string Text { get; private set; } = "";

    public ConcurrentQueue<string> Texts { get; } = new();

    public IReadOnlyList<KeyValuePair<string, object?>> Values { get; private set; } = [];

    public Exception? Exception { get; private set; }

    public ILogger CreateLogger(string categoryName)
    {
        Category = categoryName;
        return this;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        (Text, Values, Exception) = (formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>> ?? [], exception);
        Texts.Enqueue(Text);
    }

    public void Dispose()
    {
    }
}
