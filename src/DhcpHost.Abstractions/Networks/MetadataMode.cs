namespace DhcpHost.Abstractions.Networks;

/// <summary>Whether a network's clients get a metadata proxy.</summary>
public enum MetadataMode
{
    /// <summary>The site's policy decides.</summary>
    Default,

    /// <summary>Never.</summary>
    Off,

    /// <summary>Only on subnets without a router.</summary>
    Isolated,

    /// <summary>Always.</summary>
    Forced,
}
