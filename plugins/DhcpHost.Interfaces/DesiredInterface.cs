using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Interfaces;

/// <summary>A network's interface as it is to be. It is also the state of a handle: what has to be found again, and removed.</summary>
public sealed record DesiredInterface
{
    /// <summary>The form of this record as JSON.</summary>
    public const int Version = 1;

    /// <summary>The namespace by its name below <c>/run/netns</c>.</summary>
    public required string Namespace { get; init; }

    /// <summary>The link's name inside it.</summary>
    public required string Device { get; init; }

    /// <summary>The name of the end in the host's namespace; <see cref="Device"/> where there is just one link, which is moved.</summary>
    public required string HostDevice { get; init; }

    /// <summary>The Linux or Open vSwitch bridge that it is a port of.</summary>
    public required string Bridge { get; init; }

    /// <summary>Of the link inside the namespace.</summary>
    public required MacAddress MacAddress { get; init; }

    /// <summary>0: whatever the kernel gives.</summary>
    public int Mtu { get; init; }

    /// <summary>No others stay on it, link-local ones that the kernel makes aside.</summary>
    public EquatableArray<IPInterfaceAddress> Addresses { get; init; }

    /// <summary>Of default routes, at most one of each family.</summary>
    public EquatableArray<IPAddress> Gateways { get; init; }

    /// <summary>The port that it is for; Open vSwitch's agents find it by this.</summary>
    public string PortId { get; init; } = "";

    /// <summary>The VLAN of the network, where a driver puts the port into it itself; <c>null</c> for none.</summary>
    public int? VlanId { get; init; }

    /// <summary>Whether other segments of the network have interfaces in the same namespace: they are not stale, then.</summary>
    public bool SharesNamespace { get; init; }

    /// <summary>Whether IPv6 duplicate address detection runs for its addresses.</summary>
    public bool DetectsDuplicateAddresses { get; init; }

    /// <summary>Whether there is anything of IPv6 in it; else its link has no part in IPv6.</summary>
    internal bool HasIPv6 =>
        Addresses.Any(address => address.Address.AddressFamily == AddressFamily.InterNetworkV6)
        || Gateways.Any(gateway => gateway.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>What all drivers take from a plan in the same way.</summary>
    /// <param name="plan">The wish.</param>
    /// <param name="namespacePrefix">What the namespace's name begins with; the network's id follows.</param>
    /// <param name="device">The link's name inside.</param>
    /// <param name="hostDevice">The name of the other end.</param>
    /// <param name="bridge">The bridge.</param>
    /// <exception cref="DhcpHostException">A bug: the port has no MAC address.</exception>
    public static DesiredInterface From(InterfacePlan plan, string namespacePrefix, string device, string hostDevice, string bridge) => new()
    {
        Namespace = namespacePrefix + plan.Network.Id,
        Device = device,
        HostDevice = hostDevice,
        Bridge = bridge,
        MacAddress = plan.HostPort.MacAddress
            ?? throw new DhcpHostException(FailureKind.Bug, $"The source gave the host's port {plan.HostPort.Id} no MAC address."),
        Mtu = plan.Mtu,
        Addresses = plan.Addresses,
        Gateways = plan.Gateways,
        PortId = plan.HostPort.Id.Value,
        SharesNamespace = plan.Segment is not null,
    };

    /// <summary>What a server binds to.</summary>
    public InterfaceBinding ToBinding() => new() { Namespace = Namespace, Device = Device, MacAddress = MacAddress, Addresses = Addresses };

    /// <summary>Whether an address is on one of the interface's own prefixes.</summary>
    public bool IsOnLink(IPAddress address) =>
        address.IsIPv6LinkLocal || Addresses.Any(own => own.Address.AddressFamily == address.AddressFamily && Prefix(own).Contains(address));

    private static IPNetwork Prefix(IPInterfaceAddress address)
    {
        var octets = address.Address.GetAddressBytes();
        for (var bit = address.PrefixLength; bit < octets.Length * 8; bit++)
        {
            octets[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new(new IPAddress(octets), address.PrefixLength);
    }
}
