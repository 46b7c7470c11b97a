namespace DhcpHost.Toml.Nodes;

internal enum TomlScalarKind
{
    Text,
    Integer,
    Float,
    Boolean,
    DateTime,
}
