using System.Globalization;
using System.Net;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Serving;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>Makes the model of a plan. Pure.</summary>
internal sealed class Dhcpv4ModelBuilder(DhcpPlan plan, SubnetSet subnets, RefusalList refusals)
{
    private const int MaxClientId = 255;

    private readonly Dictionary<SubnetId, Dhcpv4Subnet> _byId = [];
    private readonly Dictionary<MacAddress, List<Reservation>> _byMac = [];
    private readonly Dictionary<byte[], List<Reservation>> _byClientId = new(ClientKeyComparer.Instance);
    private readonly Dictionary<uint, Reservation> _byAddress = [];

    /// <summary>The model; <c>null</c> where no IPv4 subnet is to be served, or the link has no IPv4 address to serve from.</summary>
    public Dhcpv4Model? Build()
    {
        var own = plan.Interface.Addresses.Where(address => !address.IsIPv6).Select(address => address.Address).ToList();
        var served = subnets.All.Where(subnet => subnet is { EnableDhcp: true, IpVersion: 4 }).ToList();
        if (served.Count == 0)
        {
            return null;
        }

        if (own.Count == 0)
        {
            served.ForEach(
                subnet => refusals.Add($"subnet {subnet.Id}", $"{plan.Interface.Device} has no IPv4 address to serve from; give the host's port one"));
            return null;
        }

        foreach (var subnet in served)
        {
            _byId[subnet.Id] = Make(subnet, own);
        }

        foreach (var subnet in served)
        {
            _byId[subnet.Id].Wire = [_byId[subnet.Id], .. served
                .Where(other => other.Id != subnet.Id && subnet.SegmentId is not null && other.SegmentId == subnet.SegmentId).Select(other => _byId[other.Id])];
        }

        var domain = FindDomain();
        AddReservations(domain);
        var all = _byId.Values.ToList();
        return new()
        {
            Subnets = [.. all],
            LocalSubnets = [.. all.Where(subnet => subnet.IsLocal)],
            Rules = new OptionRules(plan, subnets, domain, refusals).Make(),
            ByMac = _byMac,
            ByClientId = _byClientId,
            ByAddress = _byAddress,
            Excluded = [.. own.Select(Address.ToNumber), .. served.Where(s => s.GatewayIp?.IsIPv4() == true).Select(s => Address.ToNumber(s.GatewayIp!))],
            OwnAddresses = [.. own.Select(Address.ToNumber)],
            Boot = BootRules.Make(plan.Network, refusals),
            BroadcastReplies = plan.Options.BroadcastReplies,
            MaxLeases = plan.Options.MaxLeases,
            RenewalTime = Seconds(plan.Options.RenewalTime),
            RebindingTime = Seconds(plan.Options.RebindingTime),
        };
    }

    private Dhcpv4Subnet Make(Subnet subnet, List<IPAddress> own)
    {
        var mine = own.FirstOrDefault(subnet.Cidr.Contains);
        var time = subnet.LeaseTime ?? plan.Options.LeaseTime;
        return new()
        {
            Id = subnet.Id,
            Prefix = Address.ToNumber(subnet.Cidr.BaseAddress),
            Mask = Address.Mask(subnet.Cidr.PrefixLength),
            ServerIdentifier = mine ?? own[0],
            IsLocal = mine is not null,
            LeaseTime = time == Timeout.InfiniteTimeSpan ? Dhcpv4Subnet.Infinite : (uint)Math.Clamp(time.TotalSeconds, 1, Dhcpv4Subnet.Infinite - 1),
            Pools = [.. DynamicPools.Of(subnet, refusals).Select(pool => (Address.ToNumber(pool.Start), Address.ToNumber(pool.End)))],
        };
    }

    private void AddReservations(string domain)
    {
        var byPort = new OrderedDictionary<PortId, (Port Port, List<ReservedAddress> Addresses)>();
        foreach (var entry in new HostEntries(plan.Network, subnets, domain, refusals, HostNameGrammar.FindFault).Enumerate(mergesIPv6: false))
        {
            if (entry.IsIPv6 || !_byId.TryGetValue(entry.SubnetId, out var subnet) || !entry.Addresses[0].IsIPv4())
            {
                continue;
            }

            var address = Address.ToNumber(entry.Addresses[0]);
            if (!subnet.Contains(address))
            {
                refusals.Add($"port {entry.Port.Id} address {entry.Addresses[0]}", $"it is not on its subnet {entry.SubnetId}; correct it");
                continue;
            }

            if (!byPort.TryGetValue(entry.Port.Id, out var port))
            {
                byPort.Add(entry.Port.Id, port = (entry.Port, []));
            }

            var name = entry.Hostname.Split('.')[0];
            port.Addresses.Add(new(subnet, address, name, Encoding.ASCII.GetBytes(name)));
        }

        foreach (var (port, addresses) in byPort.Values)
        {
            AddReservation(port, addresses);
        }
    }

    private void AddReservation(Port port, List<ReservedAddress> addresses)
    {
        var text = ClientIdentifier.Of(port);
        var ids = text is null or "*" ? [] : FindClientIds(port, text);
        if (port.MacAddress is null && ids.Count == 0)
        {
            refusals.Add(
                $"port {port.Id} address {Address.Of(addresses[0].Address)}", "it has neither a MAC address nor a client identifier to know "
                    + "the client by; give it one");
            return;
        }

        var reservation = new Reservation { Port = port, ClientIds = ids, IgnoresClientId = text == "*", Addresses = [.. addresses] };
        if (port.MacAddress is { } mac)
        {
            Add(_byMac, mac, reservation);
        }

        foreach (var id in ids)
        {
            Add(_byClientId, id, reservation);
        }

        foreach (var address in addresses)
        {
            _byAddress[address.Address] = reservation;
        }
    }

    private List<byte[]> FindClientIds(Port port, string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            var octets = new List<byte>();
            foreach (var item in text.Split(':'))
            {
                if (item.Length is 0 or > 2 || !byte.TryParse(item, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                {
                    return Refuse("it is not colon-separated hex, as in 01:02:0a");
                }

                octets.Add(octet);
            }

            return octets.Count <= MaxClientId ? [[.. octets]] : Refuse($"it is longer than {MaxClientId} octets");
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length < MaxClientId ? [bytes, [0, .. bytes]] : Refuse($"it is longer than {MaxClientId - 1} octets");

        List<byte[]> Refuse(string reason)
        {
            refusals.Add($"port {port.Id} client identifier {RefusalList.Quote(text)}", reason);
            return [];
        }
    }

    private string FindDomain()
    {
        var domain = plan.Network.DnsDomain ?? plan.Options.DnsDomain;
        if (domain.Length == 0 || HostNameGrammar.FindFault(domain) is not { } fault)
        {
            return domain.TrimEnd('.');
        }

        refusals.Add($"network {plan.Network.Id} domain {RefusalList.Quote(domain)}", fault);
        return "";
    }

    private static uint Seconds(TimeSpan? time) => time is { } value && value > TimeSpan.Zero ? (uint)Math.Min(value.TotalSeconds, uint.MaxValue - 1) : 0;

    private static void Add<TKey>(Dictionary<TKey, List<Reservation>> index, TKey key, Reservation reservation)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var list))
        {
            index.Add(key, list = []);
        }

        list.Add(reservation);
    }
}
