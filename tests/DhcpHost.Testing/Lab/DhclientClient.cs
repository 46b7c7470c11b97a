using DhcpHost.Linux.Processes;

namespace DhcpHost.Testing.Lab;

/// <summary>ISC's client, for DHCPv4 or DHCPv6. It puts the address on the link.</summary>
public sealed class DhclientClient : DhcpClient
{
    private const string Body = """
        case "$REASON" in
          PREINIT|PREINIT6) ip link set "$interface" up ;;
        esac
        [ -n "$new_ip_address" ] && ip -4 addr replace "$new_ip_address/$new_subnet_mask" dev "$interface"
        [ -n "$new_ip6_address" ] && ip -6 addr replace "$new_ip6_address/$new_ip6_prefixlen" dev "$interface" nodad
        """;

    private readonly DhclientMode _mode;
    private readonly string[] _arguments;

    /// <summary>A client of a station.</summary>
    /// <param name="lab">Whose threads start it.</param>
    /// <param name="station">Where it runs; for DHCPv6 its link needs a link-local address (<see cref="LabStation.WaitForLinkLocalAsync"/>).</param>
    /// <param name="mode">Which protocol, and what of it.</param>
    /// <param name="configuration">Lines of dhclient.conf(5), such as <c>also request dhcp6.bootfile-url;</c>.</param>
    /// <param name="arguments">More arguments, such as <c>-D LL</c>, one string each.</param>
    public DhclientClient(LinuxLab lab, LabStation station, DhclientMode mode, string configuration = "", IEnumerable<string>? arguments = null)
        : base(lab, station, new ClientScript("$reason", Body))
    {
        _mode = mode;
        _arguments = [.. arguments ?? []];
        File.WriteAllText(Path.Combine(Directory, "conf"), $"timeout 30;\ninitial-interval 1;\nretry 1;\n{configuration}\n");
    }

    /// <inheritdoc />
    protected override SpawnSpec Command()
    {
        string[] mode = _mode switch
        {
            DhclientMode.V4 => ["-4"],
            DhclientMode.V6Stateful => ["-6", "-N"],
            DhclientMode.V6Stateless => ["-6", "-S"],
            _ => throw new InvalidOperationException($"{_mode}"),
        };
        return new SpawnSpec("/usr/sbin/dhclient", [
            .. mode, .. _arguments, "-d", "-v", "-sf", ScriptFile, "-cf", Path.Combine(Directory, "conf"), "-lf", Path.Combine(Directory, "leases"),
            "-pf", Path.Combine(Directory, "pid"), Station.Link.Name]);
    }
}
