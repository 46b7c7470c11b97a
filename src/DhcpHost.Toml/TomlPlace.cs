namespace DhcpHost.Toml;

/// <summary>A place in a text.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in characters, from 1.</param>
public readonly record struct TomlPlace(int Line, int Column)
{
    /// <summary>The first character.</summary>
    public static TomlPlace Start => new(1, 1);
}
