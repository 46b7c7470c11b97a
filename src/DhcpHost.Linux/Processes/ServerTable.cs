using System.Collections.Concurrent;
using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Linux.Processes;

/// <summary>The servers that are known to run. Tells at once when one ends that nobody stopped.</summary>
public sealed class ServerTable(ProcessWatcher watcher, Action<RunningServer, ProcessExit> onExited) : IDisposable
{
    private readonly ConcurrentDictionary<ServerKey, RunningServer> _servers = new();

    /// <summary>The server of a key, if it is known and has not ended.</summary>
    public RunningServer? Find(ServerKey key) => _servers.TryGetValue(key, out var server) && !server.Process.HasExited ? server : null;

    /// <summary>Takes in a server that was just started.</summary>
    public RunningServer Add(ServerKey key, ServerProcess process)
    {
        var server = new RunningServer(key, process);
        if (_servers.TryGetValue(key, out var before))
        {
            Forget(before);
        }

        _servers[key] = server;
        _ = WatchAsync(server);
        return server;
    }

    /// <summary>Takes in a process that ran before, if it is still the same.</summary>
    public (ProcessMatch Match, RunningServer? Server) Adopt(ServerKey key, ProcessIdentity identity)
    {
        if (Find(key) is { } known && known.Identity == identity)
        {
            return (ProcessMatch.Same, known);
        }

        var (match, process) = watcher.Adopt(identity);
        return (match, process is null ? null : Add(key, process));
    }

    /// <summary>Takes a process without making it the server of a key; <c>null</c> where it is gone or another's.</summary>
    public ServerProcess? AdoptApart(ProcessIdentity identity) => watcher.Adopt(identity).Process;

    /// <summary>Lets go of a server; it runs on, if it runs.</summary>
    public void Forget(RunningServer server)
    {
        _ = _servers.TryRemove(new(server.Key, server));
        server.Dispose();
    }

    /// <summary>Lets go of all.</summary>
    public void Dispose()
    {
        foreach (var server in _servers.Values)
        {
            Forget(server);
        }
    }

    private async Task WatchAsync(RunningServer server)
    {
        ProcessExit exit;
        try
        {
            exit = await server.Process.Exit;
        }
        catch (OperationCanceledException)
        {
            // Let go of.
            return;
        }

        if (!server.IsStopping)
        {
            Forget(server);
            onExited(server, exit);
        }
    }
}
