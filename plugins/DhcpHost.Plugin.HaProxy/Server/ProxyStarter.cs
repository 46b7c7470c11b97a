using System.Net;
using System.Net.Sockets;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Processes;
using DhcpHost.Linux.Sockets;
using DhcpHost.Plugin.HaProxy.Configuration;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>Starts proxies and waits until they answer.</summary>
internal sealed class ProxyStarter(
    HaProxyOptions options, ProxyBinary binary, ProcessSpawner spawner, ProcessWatcher watcher, NamespaceSockets sockets, TimeProvider timeProvider)
{
    private const int MaxOutputBytes = 4096;
    private static readonly IPEndPoint Target = new(new IPAddress([169, 254, 169, 254]), 80);

    /// <summary>
    /// Starts a proxy beside whatever runs. It is the configuration's <c>daemon</c> that makes the first process end when the sockets are bound.
    /// </summary>
    /// <exception cref="DhcpHostException">It did not start, or does not answer; then it was killed.</exception>
    public async Task<ServerProcess> StartAsync(ProxyPlace place, ProxyPaths paths, ChildLimits limits, CancellationToken cancellationToken)
    {
        File.Delete(paths.Pid);
        var spec = new SpawnSpec(binary.Find(), ["-f", paths.Config])
        {
            Marker = paths.Config,
            Limits = ProcessLimits.Of(limits),
        };
        cancellationToken.ThrowIfCancellationRequested();

        // No token: a start that was left half-way could leave a process that nobody knows of. It has its own deadline.
        var result = await spawner.RunToEndAsync(place.Namespace, spec, options.StartTimeout, MaxOutputBytes, CancellationToken.None);
        if (!result.IsSuccess)
        {
            if (ProxyFinder.ReadWritten(paths) is not null)
            {
                using var begun = Take(paths);
                _ = await begun.TerminateAsync(TimeSpan.Zero, CancellationToken.None);
            }

            var end = result.IsTimedOut ? $"was not ready within {options.StartTimeout.TotalSeconds:0.#} s" : $"ended while it started: {result.Exit}";
            throw new DhcpHostException(FailureKind.Transient, $"HAProxy {end}. It said: {(result.Error + result.Output).Trim()}");
        }

        return await new StartedServer("HAProxy", Take(paths)).KeepIfAsync(() => AskAsync(place, cancellationToken));
    }

    private ServerProcess Take(ProxyPaths paths)
    {
        return ProxyFinder.ReadWritten(paths) is { } identity && watcher.Adopt(identity).Process is { } process
            ? process
            : throw new DhcpHostException(FailureKind.Transient, $"HAProxy ended as soon as it was started; {paths.Pid} names no process of it.");
    }

    /// <summary>Asks something that it answers by itself (400): the agent is not troubled.</summary>
    private async Task AskAsync(ProxyPlace place, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.StartTimeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var socket = await sockets.OpenAsync(place.Namespace, new(SocketType.Stream, new(IPAddress.Any, 0)), stop.Token);
            await socket.ConnectAsync(Target, stop.Token);
            _ = await socket.SendAsync("ready?\r\n\r\n"u8.ToArray(), stop.Token);
            var buffer = new byte[MaxOutputBytes];
            var answer = Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, stop.Token));
            if (!answer.StartsWith("HTTP/1.", StringComparison.Ordinal))
            {
                throw new DhcpHostException(FailureKind.Transient, $"What answers at {Target} inside {place.Namespace.Name} does not speak HTTP.");
            }
        }
        catch (SocketException e)
        {
            throw new DhcpHostException(FailureKind.Transient, $"HAProxy cannot be reached at {Target} inside {place.Namespace.Name}: {e.Message}.", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DhcpHostException(
                FailureKind.Transient,
                $"HAProxy at {Target} inside {place.Namespace.Name} did not answer within {options.StartTimeout.TotalSeconds:0.#} s.",
                e);
        }
    }
}
