using System.Net.Sockets;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>
/// Requests that go to the kernel in one send and are done in order. A failed one does not stop the next ones, and nothing is undone.
/// </summary>
public sealed class RouteBatch
{
    private const int MacLength = 6;
    private const int MaxNameLength = 15;

    private readonly NetlinkWriter _writer = new();
    private readonly List<RouteRequest> _requests = [];

    internal IReadOnlyList<RouteRequest> Requests => _requests;

    internal Span<byte> Messages => _writer.Written;

    /// <summary>Takes this answer to the request before as success, such as EEXIST after an addition.</summary>
    public RouteBatch Unless(Errno tolerated)
    {
        _requests[^1] = _requests[^1] with { Tolerated = tolerated };
        return this;
    }

    /// <summary>Makes a veth pair.</summary>
    public RouteBatch CreateVeth(VethSpec spec)
    {
        var flags = spec.IsUp ? IFF_UP : 0;
        return NewLink($"create veth {spec.Name} peer {spec.PeerName}", spec.Name, "veth", flags, spec.Mac, spec.Mtu, spec.MasterIndex, () =>
        {
            var data = _writer.BeginNested(IFLA_INFO_DATA);
            var peer = _writer.BeginNested(VETH_INFO_PEER);
            _writer.Append(default(LinkHeader));
            Name(spec.PeerName);
            OneQueue();
            MacAndMtu(spec.PeerMac, spec.Mtu);
            if (spec.PeerNamespace is { } ns)
            {
                _writer.Attribute(IFLA_NET_NS_FD, (uint)ns.Fd.Number);
            }
            _writer.EndNested(peer);
            _writer.EndNested(data);
        });
    }

    /// <summary>Makes a bridge, without spanning tree.</summary>
    public RouteBatch CreateBridge(string name, bool isUp = true, MacAddress? mac = null, int? mtu = null) =>
        NewLink($"create bridge {name}", name, "bridge", isUp ? IFF_UP : 0, mac, mtu, 0, null);

    /// <summary>Sets a link up or down.</summary>
    public RouteBatch SetUp(int link, bool isUp = true) =>
        ChangeLink($"set link {link} {(isUp ? "up" : "down")}", link, isUp ? IFF_UP : 0, IFF_UP, null);

    /// <summary>Sets a link up by its name: also one that the same requests make.</summary>
    public RouteBatch SetUp(string link) =>
        Link($"set link {link} up", RTM_NEWLINK, 0, new LinkHeader { Flags = IFF_UP, ChangeMask = IFF_UP }, () => Name(link));

    /// <summary>
    /// Keeps a link that is not yet up without an IPv6 address of its own (addrgenmode none of ip-link(8)); EAFNOSUPPORT from a kernel without IPv6.
    /// </summary>
    public RouteBatch NoIPv6Address(string link) =>
        Link($"set link {link} addrgenmode none", RTM_NEWLINK, 0, default, () =>
        {
            Name(link);
            var families = _writer.BeginNested(IFLA_AF_SPEC);
            var ipv6 = _writer.BeginNested((ushort)Interop.Libc.AF_INET6);
            _writer.Attribute(IFLA_INET6_ADDR_GEN_MODE, [IN6_ADDR_GEN_MODE_NONE]);
            _writer.EndNested(ipv6);
            _writer.EndNested(families);
        });

    /// <summary>Sets a link's MAC address.</summary>
    public RouteBatch SetMac(int link, MacAddress mac) => ChangeLink($"set link {link} address {mac}", link, 0, 0, () => MacAndMtu(mac, null));

    /// <summary>Sets a link's MTU in bytes.</summary>
    public RouteBatch SetMtu(int link, int mtu) => ChangeLink($"set link {link} mtu {mtu}", link, 0, 0, () => MacAndMtu(null, mtu));

    /// <summary>Renames a link; before Linux 6.2 it must be down.</summary>
    public RouteBatch Rename(int link, string name) => ChangeLink($"set link {link} name {name}", link, 0, 0, () => Name(name));

    /// <summary>Makes a link a port of a bridge, or of none (0).</summary>
    public RouteBatch SetMaster(int link, int master) =>
        ChangeLink($"set link {link} master {master}", link, 0, 0, () => _writer.Attribute(IFLA_MASTER, (uint)master));

    /// <summary>Moves a link to another namespace, where it is down and has no addresses. The namespace stays open until execution.</summary>
    public RouteBatch MoveTo(int link, NetworkNamespace ns) =>
        ChangeLink($"move link {link} to {ns.Name}", link, 0, 0, () => _writer.Attribute(IFLA_NET_NS_FD, (uint)ns.Fd.Number));

    /// <summary>Deletes a link; of a veth pair both ends go.</summary>
    public RouteBatch DeleteLink(int link) => Link($"delete link {link}", RTM_DELLINK, 0, new LinkHeader { Index = link }, null);

    /// <summary>Deletes a link by its name; of a veth pair both ends go.</summary>
    public RouteBatch DeleteLink(string name) => Link($"delete link {name}", RTM_DELLINK, 0, default, () => Name(name));

    /// <summary>Adds an address; EEXIST if it is there.</summary>
    public RouteBatch AddAddress(LinkAddress address) =>
        Address($"add address {address} to link {address.LinkIndex}", RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address);

    /// <summary>Removes an address; EADDRNOTAVAIL if it is not there.</summary>
    public RouteBatch RemoveAddress(LinkAddress address) =>
        Address($"remove address {address} from link {address.LinkIndex}", RTM_DELADDR, 0, address);

    /// <summary>Adds a route; EEXIST if there is one to this destination with this metric.</summary>
    public RouteBatch AddRoute(Route route) => Route($"add route {route}", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route);

    /// <summary>Adds a route in place of the one to this destination with this metric.</summary>
    public RouteBatch ReplaceRoute(Route route) => Route($"replace route {route}", RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route);

    /// <summary>Removes a route; ESRCH if it is not there.</summary>
    public RouteBatch RemoveRoute(Route route) => Route($"remove route {route}", RTM_DELROUTE, 0, route);

    private RouteBatch NewLink(
        string operation, string name, string kind, uint flags, MacAddress? mac, int? mtu, int master, Action? writeData)
    {
        var header = new LinkHeader { Flags = flags, ChangeMask = flags };
        return Link(operation, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, header, () =>
        {
            Name(name);
            OneQueue();
            MacAndMtu(mac, mtu);
            if (master != 0)
            {
                _writer.Attribute(IFLA_MASTER, (uint)master);
            }
            var linkInfo = _writer.BeginNested(IFLA_LINKINFO);
            _writer.Attribute(IFLA_INFO_KIND, kind);
            writeData?.Invoke();
            _writer.EndNested(linkInfo);
        });
    }

    private RouteBatch ChangeLink(string operation, int link, uint flags, uint mask, Action? writeAttributes) =>
        Link(operation, RTM_NEWLINK, 0, new LinkHeader { Index = link, Flags = flags, ChangeMask = mask }, writeAttributes);

    private RouteBatch Link(string operation, ushort type, ushort flags, LinkHeader header, Action? writeAttributes) =>
        Request(operation, type, flags, header, writeAttributes);

    private RouteBatch Address(string operation, ushort type, ushort flags, LinkAddress address)
    {
        var header = new AddressHeader { Family = address.Family, PrefixLength = (byte)address.PrefixLength, LinkIndex = address.LinkIndex };
        return Request(operation, type, flags, header, () =>
        {
            _writer.Attribute(IFA_LOCAL, address.Address);
            _writer.Attribute(IFA_ADDRESS, address.Address);
            if (type != RTM_NEWADDR)
            {
                return;
            }
            if (address.Address.AddressFamily == AddressFamily.InterNetwork && address.PrefixLength < 31)
            {
                _writer.Attribute(IFA_BROADCAST, Broadcast(address));
            }
            if (address.Flags != LinkAddressFlags.None)
            {
                _writer.Attribute(IFA_FLAGS, (uint)address.Flags);
            }
        });
    }

    private RouteBatch Route(string operation, ushort type, ushort flags, Route route)
    {
        var header = new RouteHeader
        {
            Family = route.Family,
            DestinationLength = (byte)route.Destination.PrefixLength,
            Table = RT_TABLE_MAIN,
            Protocol = type == RTM_NEWROUTE ? route.Protocol : (byte)0,
            Scope = route.Gateway is null && route.Family == Libc.AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
            Type = RTN_UNICAST,
            Flags = route.IsOnLink ? RTNH_F_ONLINK : 0,
        };
        return Request(operation, type, flags, header, () =>
        {
            if (!route.IsDefault)
            {
                _writer.Attribute(RTA_DST, route.Destination.BaseAddress);
            }
            if (route.Gateway is not null)
            {
                _writer.Attribute(RTA_GATEWAY, route.Gateway);
            }
            if (route.LinkIndex != 0)
            {
                _writer.Attribute(RTA_OIF, (uint)route.LinkIndex);
            }
            if (route.Metric != 0)
            {
                _writer.Attribute(RTA_PRIORITY, route.Metric);
            }
            if (route.Source is not null)
            {
                _writer.Attribute(RTA_PREFSRC, route.Source);
            }
        });
    }

    private RouteBatch Request<T>(string operation, ushort type, ushort flags, T header, Action? writeAttributes)
        where T : unmanaged
    {
        var start = _writer.Begin(type, (ushort)(flags | NLM_F_ACK));
        _writer.Append(header);
        writeAttributes?.Invoke();
        _writer.End(start);
        _requests.Add(new RouteRequest(operation, start, _writer.Length - start, Errno.None));
        return this;
    }

    private void Name(string name)
    {
        // The kernel would cut some of these and refuse others with ERANGE: say it in words instead.
        if (name.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(name) > MaxNameLength || name.Any(c => c is '/' or ':' or '\0' || char.IsWhiteSpace(c)))
        {
            throw new ArgumentException($"'{name}' cannot be a link's name: 1 to {MaxNameLength} bytes without '/', ':' and blanks.", nameof(name));
        }
        _writer.Attribute(IFLA_IFNAME, name);
    }

    // Where nothing is said a veth is born with one for each processor, and gives all but one back while whoever changes links waits (synchronize_net).
    private void OneQueue()
    {
        _writer.Attribute(IFLA_NUM_TX_QUEUES, 1U);
        _writer.Attribute(IFLA_NUM_RX_QUEUES, 1U);
    }

    private void MacAndMtu(MacAddress? mac, int? mtu)
    {
        if (mac is { } address)
        {
            Span<byte> octets = stackalloc byte[MacLength];
            address.CopyTo(octets);
            _writer.Attribute(IFLA_ADDRESS, octets);
        }
        if (mtu is { } bytes)
        {
            _writer.Attribute(IFLA_MTU, (uint)bytes);
        }
    }

    private static ReadOnlySpan<byte> Broadcast(LinkAddress address)
    {
        var octets = address.Address.GetAddressBytes();
        for (var bit = address.PrefixLength; bit < 32; bit++)
        {
            octets[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }
        return octets;
    }
}
