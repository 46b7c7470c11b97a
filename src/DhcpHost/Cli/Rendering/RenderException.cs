namespace DhcpHost.Cli.Rendering;

/// <summary>A line of input that cannot be rendered.</summary>
/// <param name="message">Where and why.</param>
internal sealed class RenderException(string message) : Exception(message);
