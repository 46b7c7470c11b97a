using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>A metadata proxy that a network needs.</summary>
public sealed record MetadataPlan
{
    /// <summary>What it is for.</summary>
    public required ServerKey Server { get; init; }

    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>
    /// The router whose networks' instances ask here, where the network is a metadata access network behind it; <c>null</c> where they are the
    /// network's own.
    /// </summary>
    public string? RouterId { get; init; }

    /// <summary>The interface to listen on; it has the metadata addresses.</summary>
    public required InterfaceBinding Interface { get; init; }

    /// <summary>
    /// What instances are told, where the driver serves documents by itself (<see cref="DriverCapabilities.InstanceDocuments"/>) and that is not what
    /// <see cref="InstanceMetadata.Of"/> makes of their ports.
    /// </summary>
    public EquatableArray<InstanceMetadata> Instances { get; init; }

    /// <summary>What the proxy's process may take, where it has one.</summary>
    public ChildLimits Limits { get; init; } = new();
}
