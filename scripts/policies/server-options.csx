// What a network's server is told beyond what the network itself says: lease times, domain, DNS forwarders, further options.
// Told: Network, Default (what host.toml says).

Decide(context =>
{
    // For example, short leases where clients come and go:
    //
    //     if (context.Network.Labels.ContainsKey("guests"))
    //     {
    //         return context.Default with { LeaseTime = TimeSpan.FromMinutes(10) };
    //     }

    return context.Default;
});
