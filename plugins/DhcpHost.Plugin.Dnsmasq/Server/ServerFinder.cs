using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>
/// Finds the processes that are provably this driver's: a dnsmasq that was told a pid file below the driver's directory and that this driver started, or
/// neutron-dhcp-agent where the site says that those are to be taken over.
/// </summary>
internal sealed class ServerFinder(ServerFiles files, ServerTable table, AgentServers agents)
{
    private readonly Lock _lock = new();
    private HashSet<ServerKey>? _atStart;

    /// <summary>What a handle says; <c>null</c> where it says nothing that can be read.</summary>
    public static HandleState? Read(DriverHandle? handle) => handle is null ? null : StateJson.ReadHandle(handle.State);

    /// <summary>
    /// The server of a key and, should an interrupted apply have left more than one, the superfluous ones; or why another's server at
    /// its place must not be touched.
    /// </summary>
    public (RunningServer? Server, IReadOnlyList<ProcessIdentity> Others, string? Objection) Find(ServerKey key, DriverHandle? handle)
    {
        if (table.Find(key) is { } known)
        {
            return (known, [], null);
        }

        string? objection = null;
        foreach (var identity in Candidates(key, handle))
        {
            if (FindObjection(key, identity, handle) is { } its)
            {
                objection ??= its;
            }
            else if (table.Adopt(key, identity).Server is { } adopted)
            {
                // The handle's own word suffices; without it, a leftover may have company.
                return handle is null
                    ? (adopted, [.. Scan(key).Where(other => other.Pid != identity.Pid && FindObjection(key, other, null) is null)], null)
                    : (adopted, [], null);
            }
        }

        return (null, [], objection);
    }

    /// <summary>All processes of all servers.</summary>
    /// <param name="foreign">Takes the places at which another's server runs, which are left out.</param>
    public IReadOnlyList<(ServerKey Key, ProcessIdentity Identity)> ScanAll(ISet<ServerKey> foreign)
    {
        var found = ScanAll();
        foreign.UnionWith(found.Where(server => FindObjection(server.Key, server.Identity, null) is not null).Select(server => server.Key));
        return [.. found.Where(server => !foreign.Contains(server.Key))];
    }

    private List<(ServerKey Key, ProcessIdentity Identity)> ScanAll()
    {
        var found = new List<(ServerKey, ProcessIdentity)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid)
                && CommandLines.TryRead(pid) is { } arguments
                && CommandLines.FindPidFile(arguments) is { } pidFile
                && files.FindKey(pidFile) is { } key
                && ProcessIdentity.TryRead(pid, CommandLines.Marker(pidFile)) is { } identity)
            {
                found.Add((key, identity));
            }
        }

        return found;
    }

    /// <summary>Why a process is not ours to touch. What a handle or our own note beside its files speaks of was taken over before.</summary>
    private string? FindObjection(ServerKey key, ProcessIdentity identity, DriverHandle? handle) =>
        Read(handle)?.Identity == identity
        || CommandLines.TryRead(identity.Pid) is not { } arguments
        || AgentServers.IsOurs(arguments)
        || ServerFiles.ReadApplied(files.Of(key))?.Identity == identity
            ? null
            : agents.FindObjection(key, identity.Pid);

    private IEnumerable<ProcessIdentity> Candidates(ServerKey key, DriverHandle? handle)
    {
        if (Read(handle)?.Identity is { } recorded && recorded.Marker == CommandLines.Marker(files.Of(key).Pid))
        {
            yield return recorded;
        }

        var paths = files.Of(key);
        if (ServerFiles.ReadPid(paths) is { } pid && CommandLines.TryRead(pid) is not null
            && ProcessIdentity.TryRead(pid, CommandLines.Marker(paths.Pid)) is { } written)
        {
            yield return written;
        }

        // Without a directory nothing was started since this host runs; what ran before is known from one look at all processes.
        if (Directory.Exists(paths.Directory) || RanAtStart(key))
        {
            foreach (var identity in Scan(key))
            {
                yield return identity;
            }
        }
    }

    private IEnumerable<ProcessIdentity> Scan(ServerKey key) => ScanAll().Where(found => found.Key == key).Select(found => found.Identity);

    private bool RanAtStart(ServerKey key)
    {
        lock (_lock)
        {
            _atStart ??= [.. ScanAll().Select(found => found.Key)];
            return _atStart.Contains(key);
        }
    }
}
