// Writes one event with all quarantined networks and why, so that it is seen before a client misses its lease. In host.toml:
//
//     [jobs.quarantine-report]
//     script = "quarantine-report"
//     cron = "0 7 * * *"

var quarantined = Host.Networks.Where(network => network.Phase == NetworkPhase.Quarantined).OrderBy(network => network.Since).ToList();

foreach (var network in quarantined)
{
    Log.LogWarning("{Network} has been in quarantine since {Since:u}: {Message}", network.Name, network.Since, network.Message);
}

if (quarantined.Count > 0)
{
    var names = string.Join(", ", quarantined.Take(20).Select(network => network.Name));
    Host.Record("quarantine-report", $"{quarantined.Count} networks are in quarantine: {names}", EventSeverity.Warning);
}
