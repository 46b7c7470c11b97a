// Logs the leases that end within the hour and have no reservation. In host.toml:
//
//     [jobs.expiring-leases]
//     script = "report-expiring-leases"
//     every = "30m"

var soon = Host.Now.AddHours(1);

foreach (var status in Host.Networks.Where(network => network.Phase is NetworkPhase.Ready or NetworkPhase.Degraded))
{
    var reserved = (Host.FindNetwork(status.Id)?.Ports ?? []).SelectMany(port => port.FixedIps).Select(ip => ip.Address).ToHashSet();
    var leases = await Host.ListLeasesAsync(status.Id, Cancellation);
    var ending = leases.Where(lease => lease.ExpiresAt < soon && !reserved.Contains(lease.Address)).ToList();

    foreach (var lease in ending)
    {
        Log.LogInformation("{Network}: {Address} of {Client} ends at {Time:u}", status.Name, lease.Address, lease.Hostname ?? "?", lease.ExpiresAt);
    }

    if (ending.Count > 0)
    {
        Host.Record("expiring-leases", $"{status.Name}: {ending.Count} of {leases.Count} leases end before {soon:u}");
    }
}
