using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Files.Addresses;
using DhcpHost.Plugin.Files.Config;
using DhcpHost.Plugin.Files.Rules;

namespace DhcpHost.Plugin.Files.Mapping;

/// <summary>Turns a file that keeps all rules into the model. The same file gives an equal network.</summary>
internal static class NetworkMapping
{
    public static LoadedNetwork Map(NetworkId id, NetworkConfig config, string hostName)
    {
        var reserved = config.Reservations.SelectMany(reservation => reservation.Addresses).ToHashSet();
        var hostPort = HostPortPlan.PortOf(id, config, hostName);
        var hostAddresses = new Dictionary<SubnetId, IPAddress>();
        foreach (var subnet in config.Subnets)
        {
            if (HostPortPlan.AddressOf(subnet, reserved) is { } address)
            {
                hostAddresses.Add(ReservationIds.Of(subnet), address);
            }
        }

        var served = config.Subnets.Where(subnet => subnet.EnableDhcp).Select(ReservationIds.Of).Where(hostAddresses.ContainsKey);
        var ports = config.Reservations.Select(reservation => PortOf(config, reservation))
            .Append(hostPort with { FixedIps = served.Select(subnet => new FixedIp(subnet, hostAddresses[subnet])).ToEquatableArray() });
        return new(NetworkOf(id, config) with { Ports = ports.ToEquatableArray() }, hostPort, hostAddresses);
    }

    private static Network NetworkOf(NetworkId id, NetworkConfig config) => new()
    {
        Id = id,
        Name = config.Name.Length > 0 ? config.Name : id.Value,
        AdminStateUp = config.AdminStateUp,
        Mtu = config.Mtu ?? 0,
        DnsDomain = config.DnsDomain,
        Subnets = config.Subnets.Select(subnet => SubnetOf(config, subnet)).ToEquatableArray(),
        DhcpOptions = OptionsOf(config.Options, 4).Concat(OptionsOf(config.Options6, 6)).ToEquatableArray(),
        Boot = config.Boot,
        Attachment = new() { Bridge = config.Bridge },
        Metadata = config.Metadata,
        DhcpDriver = config.DhcpDriver,
        InterfaceDriver = config.InterfaceDriver,
        Labels = config.Labels,
    };

    private static Subnet SubnetOf(NetworkConfig network, SubnetConfig subnet)
    {
        var isIpv6 = AddressNumber.IsIpv6(subnet.Cidr.BaseAddress);
        var mode = !isIpv6 ? IPv6Mode.None : subnet.Ipv6Mode switch
        {
            SubnetIpv6Mode.Slaac => IPv6Mode.Slaac,
            SubnetIpv6Mode.Stateless => IPv6Mode.Dhcpv6Stateless,
            _ => IPv6Mode.Dhcpv6Stateful,
        };
        return new()
        {
            Id = ReservationIds.Of(subnet),
            Name = subnet.Name,
            Cidr = subnet.Cidr,
            GatewayIp = subnet.Gateway,
            EnableDhcp = subnet.EnableDhcp,
            DnsNameservers = subnet.DnsServers,
            HostRoutes = subnet.Routes,
            DynamicPools = subnet.Pools,
            IPv6AddressMode = mode,
            IPv6RaMode = mode,
            SendRouterAdvertisements = isIpv6 && (subnet.RouterAdvertisements ?? subnet.Gateway is null),
            LeaseTime = subnet.LeaseTime ?? network.LeaseTime,
            DhcpOptions = OptionsOf(subnet.Options, isIpv6 ? 6 : 4).ToEquatableArray(),
        };
    }

    private static Port PortOf(NetworkConfig network, ReservationConfig reservation) => new()
    {
        Id = ReservationIds.Of(reservation),
        Name = reservation.Name,
        MacAddress = reservation.Mac,
        ClientId = reservation.ClientId,
        Duid = reservation.Duid?.ToLowerInvariant(),
        FixedIps = reservation.Addresses.Select(address => new FixedIp(SubnetIdOf(network, address), address)).ToEquatableArray(),
        DnsName = reservation.Hostname,
        AdminStateUp = reservation.AdminStateUp,
        Status = "ACTIVE",
        ExtraDhcpOptions = OptionsOf(reservation.Options, 4).Concat(OptionsOf(reservation.Options6, 6)).ToEquatableArray(),
    };

    private static SubnetId SubnetIdOf(NetworkConfig network, IPAddress address) =>
        ReservationIds.Of(network.Subnets.First(subnet => subnet.Cidr.Contains(address)));

    private static IEnumerable<ExtraDhcpOption> OptionsOf(Dictionary<string, object> options, int ipVersion) =>
        options.Select(option => new ExtraDhcpOption(option.Key, OptionRule.Text(option.Value), ipVersion));
}
