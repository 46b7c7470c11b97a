using System.Collections.Immutable;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Starts servers and waits until they serve.</summary>
internal sealed class ServerStarter(DnsmasqOptions options, ProcessSpawner spawner, EpollLoop loop, TimeProvider timeProvider)
{
    private const int MaxOutputBytes = 4096;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Starts a server. It has bound its ports when this returns: what a client sends from now on is answered.</summary>
    /// <exception cref="DhcpHostException">It ended at once, or did not get ready in time; then it was killed.</exception>
    public async Task<ServerProcess> StartAsync(
        NetworkNamespace ns, ServerKey server, DnsmasqBinary binary, ServerAccount account, ServerPaths paths, ImmutableArray<string> arguments,
        ChildLimits limits, CancellationToken cancellationToken)
    {
        var output = ServerFiles.OutputPath(paths);
        File.Delete(output);
        File.Delete(paths.Pid);
        using var changes = DirectoryWatcher.WatchOrPoll(loop, paths.Directory, LookInterval, timeProvider);
        var spec = new SpawnSpec(binary.Path, MakeArguments(arguments, account))
        {
            OutputFile = output,
            Marker = CommandLines.Marker(paths.Pid),
            Environment = Tag(server),
            Limits = ProcessLimits.Of(limits),
        };
        var process = await spawner.SpawnAsync(ns, spec, cancellationToken);
        return await new StartedServer("dnsmasq", process).KeepIfReadyAsync(
            stop => WaitForPidAsync(process, changes, paths, stop),
            options.StartTimeout, "drivers.dnsmasq.start_timeout", () => ReadOutput(paths), timeProvider, cancellationToken);
    }

    /// <summary>Asks dnsmasq whether it could read a command line; <c>null</c> if so, else what it says.</summary>
    /// <remarks>In the server's namespace: dnsmasq looks for interfaces that a command line names.</remarks>
    public async Task<string?> TestAsync(
        NetworkNamespace ns, DnsmasqBinary binary, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var result = await spawner.RunToEndAsync(
            ns, new(binary.Path, ["--test", .. arguments.Skip(1)]), options.StartTimeout, MaxOutputBytes, cancellationToken);
        return result.IsSuccess ? null : $"{result.Error.Trim()} ({result.Exit})";
    }

    /// <summary>dnsmasq writes its pid when its sockets are bound.</summary>
    private static async Task WaitForPidAsync(ServerProcess process, DirectoryWatcher changes, ServerPaths paths, CancellationToken cancellationToken)
    {
        if (ServerFiles.ReadPid(paths) == process.Identity.Pid)
        {
            return;
        }

        await foreach (var _ in changes.ReadAllAsync(cancellationToken))
        {
            if (ServerFiles.ReadPid(paths) == process.Identity.Pid)
            {
                return;
            }
        }

        throw new DhcpHostException(FailureKind.Conflict, $"{paths.Directory} was taken away while its dnsmasq started.");
    }

    /// <summary>As Neutron's agent tags its servers (<c>external_process.py</c>): its kill scripts, and people, find them by it.</summary>
    private static Dictionary<string, string> Tag(ServerKey server) =>
        new(new SpawnSpec("", []).Environment) { ["PROCESS_TAG"] = $"dnsmasq-{server.NetworkId}" };

    private static string ReadOutput(ServerPaths paths) =>
        ServerFiles.TryRead(ServerFiles.OutputPath(paths))?.Trim() is { Length: > 0 } text
            ? $"It said: {text}"
            : "It said nothing; the system's log may tell more.";

    private static string[] MakeArguments(ImmutableArray<string> arguments, ServerAccount account) =>
        [.. arguments.Skip(1), CommandLines.OwnArgument, $"--user={account.Name}"];
}
