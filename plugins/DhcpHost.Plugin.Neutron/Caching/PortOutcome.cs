namespace DhcpHost.Plugin.Neutron.Caching;

/// <summary>What news of a port did to the cache.</summary>
internal enum PortOutcome
{
    /// <summary>Its network is another one now.</summary>
    Changed,

    /// <summary>It was known so, or newer.</summary>
    Unchanged,

    /// <summary>The port is gone, or was newer when it was seen last: the news is dropped.</summary>
    Stale,

    /// <summary>Its network is not known.</summary>
    UnknownNetwork,

    /// <summary>Another port has its address: something was missed, and the network has to be asked for.</summary>
    Duplicate,
}
