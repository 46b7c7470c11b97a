using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Registry;

/// <summary>The drivers and sources of the plugins that work now.</summary>
internal sealed class DriverRegistry : IDriverRegistry
{
    private const int MaxNotices = 4096;

    private readonly Lock _lock = new();
    private readonly Channel<DriverNotice> _notices = Channel.CreateBounded<DriverNotice>(
        new BoundedChannelOptions(MaxNotices) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private ImmutableSortedDictionary<DriverKey, DriverSlot> _slots = ImmutableSortedDictionary<DriverKey, DriverSlot>.Empty;
    private ImmutableArray<(PluginId Plugin, INetworkSource Source)> _sources = [];
    private Func<INetworkDriver, CancellationToken, Task>? _takeover;
    private Func<Task> _complete = () => Task.CompletedTask;

    public IReadOnlyList<RegisteredDriver> Drivers =>
        [.. Volatile.Read(ref _slots).Values.Select(slot => slot.Current?.Registered).OfType<RegisteredDriver>()];

    public IReadOnlyList<INetworkSource> Sources
    {
        get
        {
            lock (_lock)
            {
                return [.. _sources.Select(source => source.Source)];
            }
        }
    }

    public async ValueTask<DriverLease<TDriver>> RentAsync<TDriver>(DriverId id, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver
    {
        var key = new DriverKey(KindOf<TDriver>(), id);
        if (!Volatile.Read(ref _slots).TryGetValue(key, out var slot))
        {
            await CompleteAsync(cancellationToken);
            if (!Volatile.Read(ref _slots).TryGetValue(key, out slot))
            {
                var known = Drivers.Where(driver => driver.Kind == key.Kind).Select(driver => driver.Info.Id.Value).ToList();
                throw new DhcpHostException(
                    FailureKind.Transient,
                    $"there is no {key}; "
                        + $"{(known.Count == 0 ? $"no plugin offers a {DriverKey.Word(key.Kind)} driver" : $"there are: {string.Join(", ", known)}")}");
            }
        }

        return await slot.RentAsync<TDriver>(cancellationToken);
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Volatile.Read(ref _complete)().WaitAsync(cancellationToken);

    /// <summary>Sets what loads the plugins that were put off.</summary>
    public void OnComplete(Func<Task> complete) => Volatile.Write(ref _complete, complete);

    public async IAsyncEnumerable<DriverNotice> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var notice in _notices.Reader.ReadAllAsync(cancellationToken))
        {
            yield return notice;
        }
    }

    public void OnTakeover(Func<INetworkDriver, CancellationToken, Task> takeover) => Volatile.Write(ref _takeover, takeover);

    /// <summary>Hands the engine something that a driver noticed; waits while the engine is that far behind.</summary>
    public ValueTask TellAsync(DriverGeneration generation, DriverEvent driverEvent, CancellationToken cancellationToken) =>
        generation.IsLive ? _notices.Writer.WriteAsync(new(generation.Registered, driverEvent), cancellationToken) : ValueTask.CompletedTask;

    /// <summary>
    /// Tells the health of drivers that came in by a swap, and told it before they counted. Where the engine is far behind it sees it in
    /// <see cref="Drivers"/>.
    /// </summary>
    public void Announce(IEnumerable<DriverGeneration> generations)
    {
        foreach (var registered in generations.Select(generation => generation.Registered))
        {
            _ = _notices.Writer.TryWrite(new(registered, new DriverEvent.HealthChanged(registered.Health)));
        }
    }

    /// <summary>Asks the engine to give a driver what an older version of it ran.</summary>
    public Task TakeOverAsync(INetworkDriver driver, CancellationToken cancellationToken) =>
        Volatile.Read(ref _takeover)?.Invoke(driver, cancellationToken) ?? Task.CompletedTask;

    /// <summary>The plugin that has a driver of this kind and id already, where that is another one.</summary>
    public PluginId? FindOther(DriverKey key, PluginId plugin) =>
        Volatile.Read(ref _slots).GetValueOrDefault(key)?.Current?.Registered.Plugin is { } owner && owner != plugin ? owner : null;

    public void Close(IEnumerable<DriverGeneration> generations)
    {
        foreach (var generation in generations)
        {
            SlotOf(generation.Key).Close();
        }
    }

    public void Open(IEnumerable<DriverGeneration> generations)
    {
        foreach (var generation in generations)
        {
            generation.IsLive = true;
            SlotOf(generation.Key).Open(generation);
        }
    }

    /// <summary>Takes drivers out; a slot that another version fills by now is left alone.</summary>
    public void Empty(IEnumerable<DriverGeneration> generations, string whyGone)
    {
        foreach (var generation in generations)
        {
            generation.IsLive = false;
            var slot = SlotOf(generation.Key);
            if (slot.Current == generation)
            {
                slot.Empty(whyGone);
            }
        }
    }

    public void SetSources(PluginId plugin, IEnumerable<INetworkSource> sources)
    {
        lock (_lock)
        {
            _sources = [.. _sources.Where(source => source.Plugin != plugin), .. sources.Select(source => (plugin, source))];
        }
    }

    private static DriverKind KindOf<TDriver>() =>
        typeof(TDriver) == typeof(IDhcpDriver) ? DriverKind.Dhcp
        : typeof(TDriver) == typeof(IInterfaceDriver) ? DriverKind.Interface
        : typeof(TDriver) == typeof(IMetadataDriver) ? DriverKind.Metadata
        : throw new ArgumentException($"{typeof(TDriver).Name} is no kind of driver; ask for IInterfaceDriver, IDhcpDriver or IMetadataDriver.");

    private DriverSlot SlotOf(DriverKey key)
    {
        lock (_lock)
        {
            if (!_slots.TryGetValue(key, out var slot))
            {
                slot = new(key);
                Volatile.Write(ref _slots, _slots.Add(key, slot));
            }

            return slot;
        }
    }
}
