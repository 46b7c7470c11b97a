using System.Globalization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Looks at a server and its files.</summary>
internal static class ServerInspector
{
    public static InspectResult Inspect(ServerFiles files, ServerFinder finder, DriverHandle handle)
    {
        var paths = files.Of(handle.Server);
        if (finder.Find(handle.Server, handle).Server is not { } server)
        {
            return ServerFinder.Read(handle)?.Identity is { } recorded && recorded.Check() == ProcessMatch.Foreign
                ? new() { State = InspectState.Foreign, Reason = $"pid {recorded.Pid} is another process's now" }
                : new() { State = InspectState.Missing, Reason = "no dnsmasq of ours runs for it" };
        }

        var applied = ServerFiles.ReadApplied(paths) is { } state && state.Identity == server.Identity ? state : null;
        var drift = FindDrift(paths, applied);
        return new()
        {
            State = drift is null ? InspectState.Running : InspectState.Drifted,
            Reason = drift,
            ProcessId = server.Identity.Pid,
            MemoryBytes = ProcessMemory.TryRead(server.Identity.Pid)?.Private,
            StartedAt = File.Exists(paths.Pid) ? new DateTimeOffset(File.GetLastWriteTimeUtc(paths.Pid)) : null,
            Details = new(
            [
                new("directory", paths.Directory),
                new("leases", files.ReadLeases(paths).Count.ToString(CultureInfo.InvariantCulture)),
                new("version", applied?.BinaryVersion ?? "unknown"),
            ]),
        };
    }

    private static string? FindDrift(ServerPaths paths, AppliedState? applied)
    {
        if (applied is null)
        {
            return "what it serves was not applied by this driver";
        }

        foreach (var (path, digest) in new[] { (paths.Hosts, applied.Hosts), (paths.AddnHosts, applied.AddnHosts), (paths.Opts, applied.Opts) })
        {
            if (ServerFiles.TryRead(path) is not { } text)
            {
                return $"{path} is gone";
            }

            if (AppliedState.Digest(text) != digest)
            {
                return $"{path} was changed";
            }
        }

        return null;
    }
}
