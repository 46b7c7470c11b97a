using DhcpHost.Abstractions.Drivers;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Turns a plan into what a network's servers read. Pure: it looks at nothing but its arguments.</summary>
/// <param name="plan">What is to be served.</param>
/// <param name="options">The driver's.</param>
/// <param name="paths">Where the servers' files are.</param>
/// <param name="leaseCommands">The path of <c>libdhcp_lease_cmds.so</c>; <c>null</c> where it is not installed.</param>
internal sealed class ConfigurationWriter(DhcpPlan plan, KeaOptions options, KeaPaths paths, string? leaseCommands)
{
    public KeaConfiguration Write()
    {
        var refusals = new RefusalList();
        var subnets = new SubnetSet(plan.Network);
        var dhcp4 = new Dhcp4Writer(plan, subnets, options.MatchClientId, refusals).Write();
        var dhcp6 = new Dhcp6Writer(plan, refusals).Write();

        // A network with nothing to serve has a server all the same, which waits: what runs and what was wished for are then compared as ever.
        dhcp4 ??= dhcp6 is null ? new([], [], []) : null;
        return new(
            dhcp4 is null ? null : KeaJson.Write(new() { Dhcp4 = Complete(KeaFamily.V4, dhcp4) }),
            dhcp6 is null ? null : KeaJson.Write(new() { Dhcp6 = Complete(KeaFamily.V6, dhcp6) }),
            refusals.ToArray());
    }

    private KeaServer Complete(KeaFamily family, ServedNetworks served)
    {
        var isIPv4 = family == KeaFamily.V4;
        return new()
        {
            InterfacesConfig = new()
            {
                Interfaces = served.Interfaces,

                // Only its ordinary sockets answer by broadcast whatever the client asks for; on InfiniBand nothing else works.
                DhcpSocketType = !isIPv4 ? null : plan.Options.BroadcastReplies ? "udp" : "raw",
            },
            ControlSocket = new(paths.Socket(family)),
            LeaseDatabase = new(paths.Leases(family), (long)options.LeaseCleanupInterval.TotalSeconds),
            HooksLibraries = leaseCommands is null ? null : [new(leaseCommands)],
            HostReservationIdentifiers = isIPv4 ? ["client-id", "hw-address"] : ["duid", "hw-address"],
            Authoritative = isIPv4 ? false : null,
            DataDirectory = isIPv4 ? null : paths.Directory,
            ServerId = isIPv4 ? null : new(plan.Interface.MacAddress.ToString().Replace(":", "", StringComparison.Ordinal)),

            // What the client's own link tells goes before the address that it once made its DUID of.
            MacSources = isIPv4 ? null : ["client-link-addr-option", "ipv6-link-local", "duid"],
            ClientClasses = served.Classes.Count > 0 ? served.Classes : null,
            SharedNetworks = served.Networks,
            Loggers = [new(family.Program, options.LogSeverity, [new(paths.Log(family))])],
        };
    }
}
