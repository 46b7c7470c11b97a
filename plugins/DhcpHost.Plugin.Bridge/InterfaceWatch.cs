using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Plugin.Bridge;

/// <summary>Tells when an interface that is ours was taken away behind our back.</summary>
internal sealed class InterfaceWatch : IDisposable
{
    private const int Capacity = 1024;

    private readonly ConcurrentDictionary<ServerKey, DesiredInterface> _interfaces = new();

    // Full: the newest are dropped; the drift audit finds what they would have told.
    private readonly Channel<DriverEvent> _events =
        Channel.CreateBounded<DriverEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Add(ServerKey server, DesiredInterface desired) => _interfaces[server] = desired;

    public void Remove(ServerKey server) => _interfaces.TryRemove(server, out _);

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new DriverEvent.HealthChanged(new(IsHealthy: true, "veth pairs into Linux bridges, by netlink"));
        await foreach (var driverEvent in _events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return driverEvent;
        }
    }

    public void Dispose() => _events.Writer.TryComplete();
}
