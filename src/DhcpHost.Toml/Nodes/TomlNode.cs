namespace DhcpHost.Toml.Nodes;

/// <summary>A value of a document with its place.</summary>
internal abstract class TomlNode(TomlPlace place)
{
    public TomlPlace Place { get; } = place;

    /// <summary>What an operator would call it, with its text where it is short: <c>the integer 5</c>.</summary>
    public abstract string Describe();
}
