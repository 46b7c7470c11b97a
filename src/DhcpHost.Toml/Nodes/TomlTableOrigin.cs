namespace DhcpHost.Toml.Nodes;

/// <summary>What wrote a table: it decides what may add to it later (TOML 1.1, "Table").</summary>
internal enum TomlTableOrigin
{
    /// <summary>The root, or a <c>[header]</c> of its own.</summary>
    Header,

    /// <summary>Only a longer header: <c>[a.b]</c> makes <c>a</c>.</summary>
    Implied,

    /// <summary>A dotted key: <c>a.b = 1</c> makes <c>a</c>.</summary>
    DottedKey,

    /// <summary>Braces: complete where it stands.</summary>
    Inline,
}
