using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.HaProxy.Configuration;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>Finds the processes that are provably this driver's: an HAProxy that was told a configuration below the driver's directory.</summary>
internal sealed class ProxyFinder(string state, ServerTable table)
{
    /// <summary>The proxy of a key and, should an interrupted apply have left more than one, the superfluous ones.</summary>
    public (RunningServer? Proxy, IReadOnlyList<ProcessIdentity> Others) Find(ServerKey key, DriverHandle? handle)
    {
        if (table.Find(key) is { } known)
        {
            return (known, []);
        }

        foreach (var identity in Candidates(key, handle))
        {
            if (table.Adopt(key, identity).Server is { } adopted)
            {
                // Beside one that its handle names there can only be one that was started after it, whose pid is in the file.
                var others = handle is null ? Scan(key) : new[] { ReadWritten(ProxyPaths.Of(state, key)) }.OfType<ProcessIdentity>();
                return (adopted, [.. others.Where(other => other.Pid != identity.Pid)]);
            }
        }

        return (null, []);
    }

    /// <summary>All processes of all proxies.</summary>
    public IReadOnlyList<(ServerKey Key, ProcessIdentity Identity)> ScanAll()
    {
        var found = new List<(ServerKey, ProcessIdentity)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid)
                && TryReadConfigPath(pid) is { } config
                && ProxyPaths.FindKey(state, config) is { } key
                && ProcessIdentity.TryRead(pid, config) is { } identity)
            {
                found.Add((key, identity));
            }
        }

        return found;
    }

    private IEnumerable<ProcessIdentity> Candidates(ServerKey key, DriverHandle? handle)
    {
        var paths = ProxyPaths.Of(state, key);
        if (HandleState.Read(handle)?.Identity is { } recorded && recorded.Marker == paths.Config)
        {
            yield return recorded;
        }

        // Without a configuration nothing was started: a look at all processes is saved.
        if (File.Exists(paths.Config))
        {
            foreach (var identity in Scan(key))
            {
                yield return identity;
            }
        }
    }

    /// <summary>The proxy whose pid is in the file; <c>null</c> where that is none.</summary>
    public static ProcessIdentity? ReadWritten(ProxyPaths paths) =>
        int.TryParse(ProxyApplier.TryRead(paths.Pid)?.Split('\n', 2)[0], out var pid) && pid > 0 && TryReadConfigPath(pid) == paths.Config
            ? ProcessIdentity.TryRead(pid, paths.Config)
            : null;

    private IEnumerable<ProcessIdentity> Scan(ServerKey key) => ScanAll().Where(found => found.Key == key).Select(found => found.Identity);

    /// <summary>The configuration that an HAProxy was told; <c>null</c> where there is no such process, or it is no HAProxy.</summary>
    private static string? TryReadConfigPath(int pid) =>
        ProcessCommandLine.TryRead(pid) is [var program, ..] words
            && Path.GetFileName(program).StartsWith("haproxy", StringComparison.Ordinal)
            && Array.IndexOf(words, "-c") < 0
            && Array.IndexOf(words, "-f") is >= 0 and var at
            && at + 1 < words.Length
            ? words[at + 1]
            : null;
}
