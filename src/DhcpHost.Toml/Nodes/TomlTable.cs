namespace DhcpHost.Toml.Nodes;

/// <summary>A table in the order of its keys.</summary>
internal sealed class TomlTable(TomlPlace place, TomlTableOrigin origin, int scope = 0) : TomlNode(place)
{
    public TomlTableOrigin Origin { get; set; } = origin;

    /// <summary>The header under which a dotted key made this table: only there may further dotted keys add to it.</summary>
    public int Scope { get; } = scope;

    public OrderedDictionary<string, TomlEntry> Entries { get; } = new(StringComparer.Ordinal);

    public override string Describe() => "a table";
}
