namespace DhcpHost.Toml.Nodes;

/// <summary>A key of a table with its place and value.</summary>
internal readonly record struct TomlEntry(TomlPlace KeyPlace, TomlNode Value);
