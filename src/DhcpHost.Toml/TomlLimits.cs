namespace DhcpHost.Toml;

/// <summary>What a TOML text may not exceed. Beyond it the text is refused with an error, before memory or stack suffer.</summary>
public sealed record TomlLimits
{
    /// <summary>The defaults.</summary>
    public static TomlLimits Default { get; } = new();

    /// <summary>The largest text in bytes of UTF-8.</summary>
    /// <value>8 MiB: about 50,000 reservations.</value>
    public int MaxBytes { get; init; } = 8 << 20;

    /// <summary>How deep arrays and tables may nest, and how many parts a dotted key may have.</summary>
    /// <value>32.</value>
    public int MaxDepth { get; init; } = 32;

    /// <summary>How many errors are collected before reading stops.</summary>
    /// <value>50.</value>
    public int MaxErrors { get; init; } = 50;
}
