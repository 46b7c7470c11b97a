using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Control;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>Starts servers and waits until they serve.</summary>
internal sealed class ServerStarter(KeaOptions options, ProcessSpawner spawner, EpollLoop loop, TimeProvider timeProvider)
{
    private const int TailBytes = 2000;
    private static readonly TimeSpan ListenInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Starts a server by the configuration that is written. Its sockets are open when this returns: what a client sends from now on is answered.
    /// </summary>
    /// <exception cref="DhcpHostException">It ended at once, or did not get ready in time; then it was killed.</exception>
    public async Task<ServerProcess> StartAsync(
        NetworkNamespace ns, KeaBinary binary, ServerAccount account, KeaPaths paths, KeaFamily family, ChildLimits limits, CancellationToken cancellationToken)
    {
        ServerFiles.DeleteRuntime(paths, family);
        File.Delete(paths.Output(family));
        using var changes = DirectoryWatcher.WatchOrPoll(loop, paths.Runtime, ListenInterval, timeProvider);
        var spec = new SpawnSpec(binary.Path, ["-c", paths.Config(family)])
        {
            OutputFile = paths.Output(family),
            Marker = paths.Config(family),
            Account = account.ToProcess(),
            Environment = new Dictionary<string, string>
            {
                ["PATH"] = ProgramPath.Variable,
                ["LC_ALL"] = "C",
                ["KEA_PIDFILE_DIR"] = paths.Runtime,

                // Nobody else writes to its log.
                ["KEA_LOCKFILE_DIR"] = "none",
            },
            Limits = ProcessLimits.Of(limits),
        };
        var process = await spawner.SpawnAsync(ns, spec, cancellationToken);
        return await new StartedServer(family.ToString(), process).KeepIfReadyAsync(
            stop => AskUntilReadyAsync(changes, paths, family, stop),
            options.StartTimeout, "drivers.kea.start_timeout", () => Said(paths, family), timeProvider, cancellationToken);
    }

    /// <summary>What a server said last, for people.</summary>
    public static string ReadTail(KeaPaths paths, KeaFamily family)
    {
        var text = LogTail.Read(paths.Log(family), TailBytes);
        return text.Length > 0 ? text : LogTail.Read(paths.Output(family), TailBytes);
    }

    /// <summary>Its control socket is there before it is ready, and answers once it is.</summary>
    private async Task AskUntilReadyAsync(DirectoryWatcher changes, KeaPaths paths, KeaFamily family, CancellationToken cancellationToken)
    {
        if (!SocketFile.IsSocket(paths.Socket(family)))
        {
            await foreach (var _ in changes.ReadAllAsync(cancellationToken))
            {
                if (SocketFile.IsSocket(paths.Socket(family)))
                {
                    break;
                }
            }
        }

        // The kernel tells nobody that a socket begins to listen, which is some microseconds after its file is made.
        using var timer = new PeriodicTimer(ListenInterval, timeProvider);
        while (!await ControlChannel.IsListeningAsync(paths.Socket(family), cancellationToken) && await timer.WaitForNextTickAsync(cancellationToken))
        {
        }

        await CheckSocketsAsync(paths, family, cancellationToken);
    }

    /// <summary>Whether a server that runs listens to clients.</summary>
    /// <exception cref="DhcpHostException">It does not.</exception>
    public async Task CheckSocketsAsync(KeaPaths paths, KeaFamily family, CancellationToken cancellationToken)
    {
        var answer = await ControlChannel.SendAsync(paths.Socket(family), "status-get", null, options.StartTimeout, timeProvider, cancellationToken);
        if (answer.IsSuccess && answer.Arguments?["sockets"] is JsonObject sockets && sockets["status"]?.GetValue<string>() is { } status and not "ready")
        {
            var errors = (sockets["errors"] as JsonArray ?? []).Select(error => error?.ToString());
            throw new DhcpHostException(FailureKind.Transient, $"{family} could not open its sockets ({status}): {string.Join("; ", errors)}");
        }
    }

    private static string Said(KeaPaths paths, KeaFamily family) =>
        ReadTail(paths, family) is { Length: > 0 } text ? $"It said: {text}" : "It said nothing.";
}
