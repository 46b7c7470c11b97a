// Writes the state of all networks to a JSON file for another program, whole or not at all. In host.toml:
//
//     [jobs.export-networks]
//     script = "export-networks"
//     every = "5m"

// In host.state_directory; where a reader wants the file elsewhere, say so here.
var target = Path.Combine(Host.StateDirectory, "export", "networks.json");
Directory.CreateDirectory(Path.GetDirectoryName(target)!);

var networks = Host.Networks.Select(network => new { Id = network.Id.Value, network.Name, Phase = network.Phase.ToString(), network.Ports, network.Message });
var json = JsonSerializer.Serialize(networks, new JsonSerializerOptions { WriteIndented = true });

// A reader sees the old file or the new one, never half of it.
await File.WriteAllTextAsync(target + ".new", json, Cancellation);
File.Move(target + ".new", target, overwrite: true);
Log.LogInformation("Wrote {Count} networks to {Path}", Host.Networks.Count, target);
