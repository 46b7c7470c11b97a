using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>An interface that is up, in its namespace, with its addresses.</summary>
public sealed record InterfaceBinding
{
    /// <summary>The namespace by its name below <c>/run/netns</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary>The interface's name inside it.</summary>
    public required string Device { get; init; }

    /// <summary>Its MAC address.</summary>
    public required MacAddress MacAddress { get; init; }

    /// <summary>Its addresses.</summary>
    public EquatableArray<IPInterfaceAddress> Addresses { get; init; }
}
