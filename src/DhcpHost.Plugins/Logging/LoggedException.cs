namespace DhcpHost.Plugins.Logging;

/// <summary>An exception that a plugin logged, as text.</summary>
internal sealed class LoggedException(string message, string text) : Exception(message)
{
    public override string ToString() => text;
}
