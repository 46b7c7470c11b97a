using System.Globalization;
using System.Net.Sockets;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What an instance is told about itself by a metadata driver that has no OpenStack behind it.</summary>
public sealed record InstanceMetadata
{
    /// <summary>The port that the instance is known by.</summary>
    public required PortId PortId { get; init; }

    /// <summary>Its id: cloud-init does its work anew for another one.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Its host name.</summary>
    public required string Hostname { get; init; }

    /// <summary>Where it is; default <c>nova</c>, as Nova says.</summary>
    public string AvailabilityZone { get; init; } = "nova";

    /// <summary>What kind it is; may be empty.</summary>
    public string InstanceType { get; init; } = "";

    /// <summary>SSH keys that may log in: the names, and the keys as in <c>authorized_keys</c>.</summary>
    public EquatableMap PublicKeys { get; init; } = EquatableMap.Empty;

    /// <summary>Free-form pairs (<c>meta</c> in OpenStack's document).</summary>
    public EquatableMap Meta { get; init; } = EquatableMap.Empty;

    /// <summary>The user-data; <c>null</c> for none.</summary>
    public string? UserData { get; init; }

    /// <summary>The vendor-data, a JSON text; <c>null</c> for none.</summary>
    public string? VendorData { get; init; }

    /// <summary>What a port says by itself: its device is the instance, its name the host's.</summary>
    public static InstanceMetadata Of(Port port)
    {
        ArgumentNullException.ThrowIfNull(port);
        return new()
        {
            PortId = port.Id,
            InstanceId = port.DeviceId.Length > 0 ? port.DeviceId : port.Id.Value,
            Hostname = port.DnsName is { Length: > 0 } name ? name : AddressName(port) ?? $"host-{port.Id}",
        };
    }

    /// <summary>Whether a port is an instance's, and no router's, DHCP server's or the like.</summary>
    public static bool IsInstance(Port port)
    {
        ArgumentNullException.ThrowIfNull(port);
        return !port.DeviceOwner.StartsWith("network:", StringComparison.Ordinal);
    }

    // As Neutron names what has no name.
    private static string? AddressName(Port port) =>
        port.FixedIps.FirstOrDefault(ip => ip.Address.AddressFamily == AddressFamily.InterNetwork)?.Address is { } address
            ? string.Create(CultureInfo.InvariantCulture, $"host-{address}").Replace('.', '-')
            : null;
}
