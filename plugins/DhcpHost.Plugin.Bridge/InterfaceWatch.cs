using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Plugin.Bridge;

/// <summary>Tells when an interface that is ours was taken away behind our back: its link, its bridge port, or its namespace's name.</summary>
internal sealed class InterfaceWatch : IDisposable
{
    private const int Capacity = 1024;

    private readonly ConcurrentDictionary<string, ServerKey> _byHostDevice = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ServerKey, bool>> _byNamespace = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ServerKey, DesiredInterface> _interfaces = new();
    private readonly InterfaceKernel _kernel;
    private readonly TimeProvider _timeProvider;
    private readonly EpollLoop _loop = new("dhcphost-bridge");

    public InterfaceWatch(InterfaceKernel kernel, TimeProvider timeProvider)
    {
        _kernel = kernel;
        _timeProvider = timeProvider;
    }

    public void Add(ServerKey server, DesiredInterface desired)
    {
        _interfaces[server] = desired;
        _byHostDevice[desired.HostDevice] = server;
        _byNamespace.GetOrAdd(desired.Namespace, _ => new())[server] = true;
    }

    public void Remove(ServerKey server)
    {
        if (!_interfaces.TryRemove(server, out var desired))
        {
            return;
        }

        _ = _byHostDevice.TryRemove(desired.HostDevice, out _);
        if (_byNamespace.TryGetValue(desired.Namespace, out var servers) && servers.TryRemove(server, out _) && servers.IsEmpty)
        {
            _ = _byNamespace.TryRemove(desired.Namespace, out _);
        }
    }

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Full: the newest are dropped; the drift audit finds what they would have told.
        var events = Channel.CreateBounded<DriverEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });
        _ = Directory.CreateDirectory(NetworkNamespaces.DefaultDirectory);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var links = LinkMonitor.Open(_loop);
        using var names = new DirectoryWatcher(_loop, NetworkNamespaces.DefaultDirectory, TimeSpan.Zero, _timeProvider);
        var watching = Task.WhenAll(
            EndingAsync(WatchLinksAsync(links, events.Writer, stop.Token), events.Writer),
            EndingAsync(WatchNamesAsync(names, events.Writer, stop.Token), events.Writer));
        try
        {
            yield return new DriverEvent.HealthChanged(new(IsHealthy: true, "veth pairs into Linux bridges, by netlink"));
            await foreach (var driverEvent in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return driverEvent;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }
    }

    public void Dispose() => _loop.Dispose();

    // Either loop's end is the end of the watch: the host opens it again.
    private static async Task EndingAsync(Task loop, ChannelWriter<DriverEvent> events)
    {
        try
        {
            await loop;
            _ = events.TryComplete();
        }
        catch (OperationCanceledException)
        {
            _ = events.TryComplete();
        }
        catch (LinuxException exception)
        {
            _ = events.TryComplete(exception);
        }
    }

    private async Task WatchLinksAsync(LinkMonitor monitor, ChannelWriter<DriverEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var change in monitor.Events.ReadAllAsync(cancellationToken))
        {
            if (change.Kind is LinkEventKind.Lost)
            {
                foreach (var (device, server) in _byHostDevice)
                {
                    LookAt(device, server, events);
                }
            }
            else if (change.Link is { } link && _byHostDevice.TryGetValue(link.Name, out var server))
            {
                LookAt(link.Name, server, events);
            }
        }
    }

    private async Task WatchNamesAsync(DirectoryWatcher watcher, ChannelWriter<DriverEvent> events, CancellationToken cancellationToken)
    {
        await foreach (var change in watcher.ReadAllAsync(cancellationToken))
        {
            IEnumerable<string> names = change.MustRescan || change.IsGone ? _byNamespace.Keys : change.Names;
            foreach (var name in names)
            {
                if (_byNamespace.TryGetValue(name, out var servers) && !_kernel.NamespaceExists(name))
                {
                    foreach (var server in servers.Keys)
                    {
                        _ = events.TryWrite(new DriverEvent.Drifted(server, $"the namespace {name} was deleted"));
                    }
                }
            }
        }
    }

    // An event is a hint, and often the echo of our own change: what counts is what the kernel has now.
    private void LookAt(string device, ServerKey server, ChannelWriter<DriverEvent> events)
    {
        var reason = _kernel.FindHostLink(device) switch
        {
            null => $"{device} was deleted",
            { MasterIndex: 0 } => $"{device} was taken out of its bridge",
            { IsUp: false } => $"{device} was set down",
            _ => null,
        };
        if (reason is not null)
        {
            _ = events.TryWrite(new DriverEvent.Drifted(server, reason));
        }
    }
}
