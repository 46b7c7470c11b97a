using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Interfaces;

/// <summary>Tells when an interface that is ours was taken away behind our back: its link, its bridge port, or its namespace's name.</summary>
internal sealed class InterfaceWatch : IInterfaceIndex, IDisposable
{
    private const int Capacity = 1024;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, ServerKey> _byHostDevice = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ServerKey, bool>> _byBridge = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<ServerKey, bool>> _byNamespace = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ServerKey, DesiredInterface> _interfaces = new();
    private readonly ConcurrentDictionary<ServerKey, string> _told = new();
    private readonly ConcurrentDictionary<ServerKey, bool> _awaitingBridge = new();
    private readonly InterfaceKernel _kernel;
    private readonly InterfacePlug _plug;
    private readonly TimeProvider _timeProvider;
    private readonly EpollLoop _loop;
    private readonly TaskCompletionSource _used = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public InterfaceWatch(InterfaceKernel kernel, InterfacePlug plug, DriverId driver, TimeProvider timeProvider)
    {
        _kernel = kernel;
        _plug = plug;
        _timeProvider = timeProvider;
        _loop = new($"dhcphost-{driver}");
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<ServerKey, DesiredInterface>> All => [.. _interfaces];

    /// <inheritdoc/>
    public ServerKey? Find(string hostDevice) => _byHostDevice.TryGetValue(hostDevice, out var server) ? server : null;

    public void Add(ServerKey server, DesiredInterface desired)
    {
        Remove(server);
        _interfaces[server] = desired;
        _byHostDevice[desired.HostDevice] = server;
        _byNamespace.GetOrAdd(desired.Namespace, _ => new())[server] = true;
        if (_plug.FollowsBridges)
        {
            _byBridge.GetOrAdd(desired.Bridge, _ => new())[server] = true;
            NoteWhetherItWaits(server, desired);
        }

        _ = _used.TrySetResult();
    }

    public void Remove(ServerKey server)
    {
        _ = _told.TryRemove(server, out _);
        _ = _awaitingBridge.TryRemove(server, out _);
        if (!_interfaces.TryRemove(server, out var desired))
        {
            return;
        }

        _ = _byHostDevice.TryRemove(desired.HostDevice, out _);
        Remove(_byNamespace, desired.Namespace, server);
        Remove(_byBridge, desired.Bridge, server);
    }

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Full: the newest are dropped; the drift audit finds what they would have told.
        var events = Channel.CreateBounded<DriverEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });
        _ = Directory.CreateDirectory(NetworkNamespaces.DefaultDirectory);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        yield return new DriverEvent.HealthChanged(await _plug.CheckHealthAsync(cancellationToken));
        var watching = Task.WhenAll(
            EndingAsync(WatchLinksAsync(events.Writer, stop.Token), events.Writer),
            EndingAsync(WatchNamesAsync(events.Writer, stop.Token), events.Writer),
            FailingAsync(_plug.WatchAsync(this, events.Writer, stop.Token), events.Writer));
        try
        {
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
        await FailingAsync(loop, events);
        _ = events.TryComplete();
    }

    private static async Task FailingAsync(Task loop, ChannelWriter<DriverEvent> events)
    {
        try
        {
            await loop;
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

    private static void Remove(ConcurrentDictionary<string, ConcurrentDictionary<ServerKey, bool>> index, string name, ServerKey server)
    {
        if (index.TryGetValue(name, out var servers) && servers.TryRemove(server, out _) && servers.IsEmpty)
        {
            _ = index.TryRemove(name, out _);
        }
    }

    // A driver that has no interface hears of nobody else's: every driver that is loaded would be woken for each link that another one makes.
    private async Task WatchLinksAsync(ChannelWriter<DriverEvent> events, CancellationToken cancellationToken)
    {
        await _used.Task.WaitAsync(cancellationToken);
        using var monitor = LinkMonitor.OpenResting(_loop, Rest, _timeProvider);
        LookAtAll(events);
        var touched = new HashSet<ServerKey>();
        while (await monitor.Events.WaitToReadAsync(cancellationToken))
        {
            // A link that comes tells of itself nine times: one look is enough for what was told together.
            while (monitor.Events.TryRead(out var change))
            {
                touched.UnionWith(FindTouched(change));
            }

            foreach (var server in touched)
            {
                LookAt(server, events);
            }

            touched.Clear();
        }
    }

    private IEnumerable<ServerKey> FindTouched(LinkEvent change) =>
        change.Kind is LinkEventKind.Lost ? _interfaces.Keys
        : change.Link is not { } link ? []
        : _byHostDevice.TryGetValue(link.Name, out var server) ? [server]
        : _byBridge.TryGetValue(link.Name, out var servers) ? servers.Keys
        : [];

    private async Task WatchNamesAsync(ChannelWriter<DriverEvent> events, CancellationToken cancellationToken)
    {
        await _used.Task.WaitAsync(cancellationToken);
        using var watcher = DirectoryWatcher.WatchOrPoll(_loop, NetworkNamespaces.DefaultDirectory, LookInterval, _timeProvider);
        LookAtNames(_byNamespace.Keys, events);
        await foreach (var change in watcher.ReadAllAsync(cancellationToken))
        {
            LookAtNames(change.MustRescan || change.IsGone ? _byNamespace.Keys : change.Names, events);
        }
    }

    private void LookAtNames(IEnumerable<string> names, ChannelWriter<DriverEvent> events)
    {
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

    private void LookAtAll(ChannelWriter<DriverEvent> events)
    {
        foreach (var server in _interfaces.Keys)
        {
            LookAt(server, events);
        }
    }

    // An event is a hint, and often the echo of our own change: what counts is what the kernel has now. Many events may show one fault (a
    // bridge that is made tells of itself several times): it is told once, until it has been put right.
    private void LookAt(ServerKey server, ChannelWriter<DriverEvent> events)
    {
        if (!_interfaces.TryGetValue(server, out var desired))
        {
            _ = _told.TryRemove(server, out _);
        }
        else if (_kernel.FindFault(desired) is not { } reason)
        {
            _ = _told.TryRemove(server, out _);
            NoteWhetherItWaits(server, desired);
        }
        else if (!_told.TryGetValue(server, out var told) || told != reason)
        {
            _told[server] = reason;
            _ = events.TryWrite(new DriverEvent.Drifted(server, reason) { IsArrival = _awaitingBridge.TryRemove(server, out _) });
        }
    }

    private void NoteWhetherItWaits(ServerKey server, DesiredInterface desired)
    {
        if (_kernel.IsAwaitingBridge(desired))
        {
            _awaitingBridge[server] = true;
        }
        else
        {
            _ = _awaitingBridge.TryRemove(server, out _);
        }
    }
}
