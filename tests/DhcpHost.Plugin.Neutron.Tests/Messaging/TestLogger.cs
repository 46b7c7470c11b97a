using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Shows the log with a test that failed.</summary>
internal sealed class TestLogger(ITestOutputHelper? output) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            output?.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {logLevel} {formatter(state, exception)} {exception}");
        }
        catch (InvalidOperationException)
        {
            // The test is over.
        }
    }
}
