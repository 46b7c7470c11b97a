using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Bridge;

/// <summary>A network's interface as it is to be. It is also the state of a handle: what has to be found again, and removed.</summary>
internal sealed record DesiredInterface
{
    /// <summary>The form of this record as JSON.</summary>
    public const int Version = 1;

    public required string Namespace { get; init; }

    public required string Device { get; init; }

    public required string HostDevice { get; init; }

    public required string Bridge { get; init; }

    public required MacAddress MacAddress { get; init; }

    /// <summary>0: whatever the kernel gives.</summary>
    public int Mtu { get; init; }

    public EquatableArray<IPInterfaceAddress> Addresses { get; init; }

    public EquatableArray<IPAddress> Gateways { get; init; }

    public static DesiredInterface From(InterfacePlan plan, BridgeOptions options)
    {
        var bridge = plan.Network.Attachment.Bridge ?? options.DefaultBridge;
        if (bridge.Length == 0)
        {
            throw new DhcpHostException(
                FailureKind.Invalid, "The network names no bridge: set `bridge` in its file, or `default_bridge` in [drivers.bridge].");
        }

        return new()
        {
            Namespace = options.NamespacePrefix + plan.Network.Id,
            Device = InterfaceNames.Device(plan.Network.Id, plan.HostPort),
            HostDevice = InterfaceNames.HostDevice(plan.Network.Id, plan.HostPort),
            Bridge = bridge,
            MacAddress = plan.HostPort.MacAddress
                ?? throw new DhcpHostException(FailureKind.Bug, $"The source gave the host's port {plan.HostPort.Id} no MAC address."),
            Mtu = plan.Mtu,
            Addresses = plan.Addresses,
            Gateways = plan.Gateways,
        };
    }

    public InterfaceBinding ToBinding() => new() { Namespace = Namespace, Device = Device, MacAddress = MacAddress, Addresses = Addresses };

    /// <summary>Whether an address is on one of the interface's own prefixes.</summary>
    public bool IsOnLink(IPAddress address) =>
        Addresses.Any(own => own.Address.AddressFamily == address.AddressFamily && Prefix(own).Contains(address));

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
