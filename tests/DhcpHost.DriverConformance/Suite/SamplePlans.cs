using System.Globalization;
using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>Networks to serve.</summary>
public static class SamplePlans
{
    /// <summary>10.77.0.0/24, whose server is 10.77.0.2.</summary>
    public static Subnet IPv4Subnet { get; } = new()
    {
        Id = new("s4"),
        Cidr = IPNetwork.Parse("10.77.0.0/24"),
        GatewayIp = IPAddress.Parse("10.77.0.1"),
        DnsNameservers = [IPAddress.Parse("10.77.0.53")],
    };

    /// <summary>The same with a pool for everybody, .100 to .109.</summary>
    public static Subnet PooledIPv4Subnet { get; } =
        IPv4Subnet with { DynamicPools = [new(IPAddress.Parse("10.77.0.100"), IPAddress.Parse("10.77.0.109"))] };

    /// <summary>fd77::/64, stateful, whose server is fd77::2.</summary>
    public static Subnet IPv6Subnet { get; } = new()
    {
        Id = new("s6"),
        Cidr = IPNetwork.Parse("fd77::/64"),
        GatewayIp = IPAddress.Parse("fd77::1"),
        DnsNameservers = [IPAddress.Parse("fd77::53")],
        IPv6AddressMode = IPv6Mode.Dhcpv6Stateful,
        IPv6RaMode = IPv6Mode.Dhcpv6Stateful,
    };

    /// <summary>The addresses of a server on the subnets above.</summary>
    public static IReadOnlyList<IPInterfaceAddress> ServerAddresses { get; } =
        [IPInterfaceAddress.Parse("10.77.0.2/24", null), IPInterfaceAddress.Parse("fd77::2/64", null)];

    /// <summary>A plan.</summary>
    public static DhcpPlan Make(string network, InterfaceBinding binding, IEnumerable<Subnet>? subnets = null, params IEnumerable<Port> ports) => new()
    {
        Server = new(new(network)),
        Network = new()
        {
            Id = new(network),
            Mtu = 1450,
            Subnets = (subnets ?? [PooledIPv4Subnet]).ToEquatableArray(),
            Ports = ports.ToEquatableArray(),
        },
        Interface = binding,
        Options = new() { LeaseTime = TimeSpan.FromHours(1), DnsDomain = "example.org" },
    };

    /// <summary>The same with other ports.</summary>
    public static DhcpPlan WithPorts(this DhcpPlan plan, params Port[] ports) => plan with { Network = plan.Network with { Ports = ports.ToEquatableArray() } };

    /// <summary>A port with an address on 10.77.0.0/24: number 7 has 10.77.0.7 and fa:16:3e:00:00:07.</summary>
    public static Port Port(int number, params ExtraDhcpOption[] options) => new()
    {
        Id = new(string.Create(CultureInfo.InvariantCulture, $"p{number}")),
        MacAddress = Mac(number),
        FixedIps = [new(IPv4Subnet.Id, IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.77.0.{number}")))],
        ExtraDhcpOptions = options.ToEquatableArray(),
    };

    /// <summary>The MAC address of a port.</summary>
    public static MacAddress Mac(int number) => MacAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"fa:16:3e:00:00:{number:x2}"));
}
