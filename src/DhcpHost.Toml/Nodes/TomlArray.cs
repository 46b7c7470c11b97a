namespace DhcpHost.Toml.Nodes;

/// <summary>An array, written in brackets or as a row of <c>[[tables]]</c>.</summary>
internal sealed class TomlArray(TomlPlace place, bool isOfTables) : TomlNode(place)
{
    /// <summary>True for <c>[[tables]]</c>, to which later headers may add.</summary>
    public bool IsOfTables { get; } = isOfTables;

    public List<TomlNode> Items { get; } = [];

    public override string Describe() => IsOfTables ? "an array of tables" : "an array";
}
