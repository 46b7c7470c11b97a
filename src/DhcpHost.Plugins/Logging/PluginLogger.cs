using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Logging;

/// <summary>
/// Passes on what a plugin logs as text and plain values. Loggers keep types, exceptions and states for later (queues, reflection caches), and one object
/// of a plugin's type there would keep all its code in memory.
/// </summary>
internal sealed class PluginLogger(ILogger host) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => host.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => host.BeginScope<object>(Plain(state) ?? "");

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!host.IsEnabled(logLevel))
        {
            return;
        }

        var text = formatter(state, exception);
        var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? PlainPairs(pairs) : [];
        host.Log(logLevel, eventId, new LoggedState(text, values), PlainException(exception), static (logged, _) => logged.ToString());
    }

    private static object? Plain(object? value) => value switch
    {
        null or string or bool or char or decimal => value,
        IEnumerable<KeyValuePair<string, object?>> pairs => new LoggedState(value.ToString() ?? "", PlainPairs(pairs)),
        _ => value.GetType() is { IsPrimitive: true } ? value : value.ToString(),
    };

    private static KeyValuePair<string, object?>[] PlainPairs(IEnumerable<KeyValuePair<string, object?>> pairs) =>
        [.. pairs.Select(pair => KeyValuePair.Create(pair.Key, Plain(pair.Value)))];

    private static LoggedException? PlainException(Exception? exception) => exception is null ? null : new(exception.Message, exception.ToString());
}
