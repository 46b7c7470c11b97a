using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Kea.Tests.Configuration;

/// <summary>Asks the real programs whether they would run by a configuration (<c>kea-dhcp4 -t</c>).</summary>
internal static class KeaCheck
{
    private const int MaxOutputBytes = 64 * 1024;

    /// <summary>What Kea says; <c>null</c> for nothing wrong.</summary>
    public static async Task<string?> FindFaultAsync(string program, string configuration, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("dhcphost-keacheck-").FullName;
        try
        {
            using var broker = new NetnsBroker();
            using var watcher = new ProcessWatcher();
            var file = Path.Combine(directory, "config.json");
            await File.WriteAllTextAsync(file, configuration, cancellationToken);
            var environment = new Dictionary<string, string>
            {
                ["PATH"] = "/usr/sbin:/usr/bin",
                ["KEA_PIDFILE_DIR"] = directory,
                ["KEA_LOCKFILE_DIR"] = "none",
            };
            var result = await new ProcessSpawner(broker, watcher).RunToEndAsync(
                null, new($"/usr/sbin/{program}", ["-t", file]) { Environment = environment }, TimeSpan.FromMinutes(2), MaxOutputBytes, cancellationToken);
            return result.IsSuccess
                ? null
                : string.Join('\n', (result.Output + result.Error).Split('\n').Where(line => line.Contains("rror", StringComparison.Ordinal)));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
