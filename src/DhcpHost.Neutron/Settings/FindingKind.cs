namespace DhcpHost.Neutron.Settings;

/// <summary>What an import says of an option that a file has.</summary>
public enum FindingKind
{
    /// <summary>It is carried over.</summary>
    Mapped,

    /// <summary>It has no meaning here.</summary>
    Unneeded,

    /// <summary>It cannot be honoured.</summary>
    Unsupported,

    /// <summary>Nobody knows it: mistyped, or of a later Neutron, or another program's.</summary>
    Unknown,

    /// <summary>Its value cannot be read, or is not one that is offered; the key is not written.</summary>
    Wrong,
}
