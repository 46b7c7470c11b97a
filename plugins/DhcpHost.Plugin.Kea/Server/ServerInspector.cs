using System.Globalization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Leases;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>Looks at a network's servers and their files.</summary>
internal sealed class ServerInspector(ServerFiles files, ServerFinder finder, LeaseKeeper leases)
{
    public async Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        var paths = files.Of(handle.Server);
        var running = KeaFamily.All.Select(family => (Family: family, finder.Find(handle.Server, family, handle).Server))
            .Where(found => found.Server is not null).Select(found => (found.Family, Server: found.Server!)).ToList();
        if (running.Count == 0)
        {
            return FindForeign(handle) is { } foreign
                ? new() { State = InspectState.Foreign, Reason = $"pid {foreign.Pid} is another process's now" }
                : new() { State = InspectState.Missing, Reason = "no Kea of ours runs for it" };
        }

        var drift = running.Select(found => FindDrift(paths, found.Family, found.Server)).Concat(FindMissing(paths, running)).OfType<string>().ToList();
        var held = 0;
        foreach (var (family, _) in running)
        {
            held += (await leases.ListAsync(paths, family, isRunning: true, cancellationToken)).Count;
        }

        return new()
        {
            State = drift.Count == 0 ? InspectState.Running : InspectState.Drifted,
            Reason = drift.Count == 0 ? null : string.Join("; ", drift),
            ProcessId = running[0].Server.Identity.Pid,
            MemoryBytes = running.Sum(found => ProcessMemory.TryRead(found.Server.Identity.Pid)?.Private ?? 0),
            StartedAt = File.Exists(paths.Socket(running[0].Family)) ? new DateTimeOffset(File.GetLastWriteTimeUtc(paths.Socket(running[0].Family))) : null,
            Details = new(
            [
                new("directory", paths.Directory),
                new("leases", held.ToString(CultureInfo.InvariantCulture)),
                .. running.Select(found => new KeyValuePair<string, string>(
                    found.Family.Program, $"{ServerFiles.ReadApplied(paths, found.Family, found.Server.Identity)?.BinaryVersion ?? "unknown"}, pid "
                        + $"{found.Server.Identity.Pid}")),
            ]),
        };
    }

    /// <summary>A process of the handle's whose number is another's now.</summary>
    public static ProcessIdentity? FindForeign(DriverHandle handle) =>
        KeaFamily.All.Select(family => HandleState.Read(handle).Of(family)).FirstOrDefault(identity => identity?.Check() == ProcessMatch.Foreign);

    private static IEnumerable<string> FindMissing(KeaPaths paths, List<(KeaFamily Family, RunningServer Server)> running) =>
        KeaFamily.All.Where(
            family => File.Exists(paths.Config(family)) && running.TrueForAll(found => found.Family != family)).Select(family => $"{family} does not run");

    private static string? FindDrift(KeaPaths paths, KeaFamily family, RunningServer server)
    {
        if (ServerFiles.ReadApplied(paths, family, server.Identity) is not { } applied)
        {
            return $"what {family} serves was not applied by this driver";
        }

        return !File.Exists(paths.Socket(family)) ? $"{family}'s control socket {paths.Socket(family)} is gone"
            : ServerFiles.TryRead(paths.Config(family)) is not { } text ? $"{paths.Config(family)} is gone"
            : AppliedState.DigestOf(text) != applied.Digest ? $"{paths.Config(family)} was changed"
            : null;
    }
}
