namespace DhcpHost.Toml.Parsing;

/// <summary>One part of a dotted key, where it stands.</summary>
internal readonly record struct TomlKeyPart(string Name, TomlPlace Place);
