// Which drivers serve a network: Interface, Dhcp and, where one is needed, Metadata.
// Told: Network, Default (what host.toml and the network ask for), Current (what serves it now; null for a new network),
// InterfaceDrivers, DhcpDrivers, MetadataDrivers (those that are loaded and healthy).

Decide(context =>
{
    // For example, to try another DHCP driver on one project's networks first:
    //
    //     var trial = new DriverId("kea");
    //     if (context.Network.ProjectId == "lab" && context.DhcpDrivers.Contains(trial))
    //     {
    //         return context.Default with { Dhcp = trial };
    //     }

    return context.Default;
});
