namespace DhcpHost.Plugin.LinuxBridge;

/// <summary>The table <c>[drivers.linuxbridge]</c>.</summary>
public sealed class LinuxBridgeOptions
{
    /// <summary>
    /// Whether an interface that nobody has plugged in becomes a port of the network's bridge <c>brq…</c> as soon as that bridge exists. Neutron's
    /// Linux bridge agent does the same; where it runs, this only makes it earlier.
    /// </summary>
    /// <value>Default true.</value>
    public bool PlugIntoBridge { get; set; } = true;

    /// <summary>Whether IPv6 duplicate address detection runs in new namespaces.</summary>
    /// <value>Default false.</value>
    public bool DetectDuplicateAddresses { get; set; }
}
