namespace DhcpHost.Abstractions.Drivers;

/// <summary>A file that a server would read.</summary>
/// <param name="Name">Its name below the server's directory.</param>
/// <param name="Text">All that is in it.</param>
public sealed record RenderedFile(string Name, string Text);
