using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>The files of one server, named as in Neutron.</summary>
/// <param name="Directory">The server's own directory: <c>ROOT/NETWORK</c>, or <c>ROOT/SEGMENT/NETWORK</c>.</param>
public sealed record ServerPaths(string Directory)
{
    /// <summary>Process id; dnsmasq writes it once it is ready, before it gives up root's rights.</summary>
    public string Pid => Path.Combine(Directory, "pid");

    /// <summary>Reservations (<c>--dhcp-hostsfile</c>).</summary>
    public string Hosts => Path.Combine(Directory, "host");

    /// <summary>Names (<c>--addn-hosts</c>).</summary>
    public string AddnHosts => Path.Combine(Directory, "addn_hosts");

    /// <summary>Options (<c>--dhcp-optsfile</c>).</summary>
    public string Opts => Path.Combine(Directory, "opts");

    /// <summary>Leases, which dnsmasq keeps.</summary>
    public string Leases => Path.Combine(Directory, "leases");

    /// <summary>The interface's name, for neutron-dhcp-agent, should it take over again.</summary>
    public string Interface => Path.Combine(Directory, "interface");

    /// <summary>The paths of a server below the driver's directory.</summary>
    public static ServerPaths Of(string root, ServerKey server) => new(Path.Combine(root, server.ToString()));
}
