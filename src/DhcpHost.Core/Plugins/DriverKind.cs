namespace DhcpHost.Core.Plugins;

/// <summary>What a driver makes.</summary>
public enum DriverKind
{
    /// <summary>Interfaces.</summary>
    Interface,

    /// <summary>DHCP servers.</summary>
    Dhcp,

    /// <summary>Metadata proxies.</summary>
    Metadata,
}
