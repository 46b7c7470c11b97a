using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>Finds the processes that are provably this driver's: a Kea that was told a configuration below the driver's directory.</summary>
internal sealed class ServerFinder(ServerFiles files, ServerTables tables)
{
    private readonly Lock _lock = new();
    private HashSet<(ServerKey, KeaFamily)>? _atStart;

    /// <summary>A network's server of a family and, should an interrupted apply have left more than one, the superfluous ones.</summary>
    public (RunningServer? Server, IReadOnlyList<ProcessIdentity> Others) Find(ServerKey key, KeaFamily family, DriverHandle? handle)
    {
        var table = tables.Of(family);
        if (table.Find(key) is { } known)
        {
            return (known, []);
        }

        foreach (var identity in Candidates(key, family, handle))
        {
            if (table.Adopt(key, identity).Server is { } adopted)
            {
                // The handle's own word suffices; without it, a leftover may have company.
                return (adopted, handle is null ? [.. Scan(key, family).Where(other => other.Pid != identity.Pid)] : []);
            }
        }

        return (null, []);
    }

    /// <summary>All processes of all servers.</summary>
    public IReadOnlyList<(ServerKey Key, KeaFamily Family, ProcessIdentity Identity)> ScanAll()
    {
        var found = new List<(ServerKey, KeaFamily, ProcessIdentity)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid)
                && TryReadConfigPath(pid) is { } config
                && KeaPaths.Find(files.Root, config) is { } server
                && ProcessIdentity.TryRead(pid, config) is { } identity)
            {
                found.Add((server.Key, server.Family, identity));
            }
        }

        return found;
    }

    private IEnumerable<ProcessIdentity> Candidates(ServerKey key, KeaFamily family, DriverHandle? handle)
    {
        var config = files.Of(key).Config(family);
        if (HandleState.Read(handle).Of(family) is { } recorded && recorded.Marker == config)
        {
            yield return recorded;
        }

        // Without a configuration nothing was started since this host runs; what ran before is known from one look at all processes.
        if (File.Exists(config) || RanAtStart(key, family))
        {
            foreach (var identity in Scan(key, family))
            {
                yield return identity;
            }
        }
    }

    private IEnumerable<ProcessIdentity> Scan(ServerKey key, KeaFamily family) =>
        ScanAll().Where(found => found.Key == key && found.Family == family).Select(found => found.Identity);

    private bool RanAtStart(ServerKey key, KeaFamily family)
    {
        lock (_lock)
        {
            _atStart ??= [.. ScanAll().Select(found => (found.Key, found.Family))];
            return _atStart.Contains((key, family));
        }
    }

    /// <summary>The configuration that a Kea runs by; <c>null</c> where there is no such process, or it is no Kea.</summary>
    private static string? TryReadConfigPath(int pid) =>
        ProcessCommandLine.TryRead(pid) is [var program, "-c", var config, ..] && Path.GetFileName(program).StartsWith("kea-dhcp", StringComparison.Ordinal)
            ? config
            : null;
}
