using System.Collections.Immutable;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Store;

namespace DhcpHost.Core.Engine;

/// <summary>
/// What the engine knows of a network while it runs. The plain properties belong to the worker that has the network's key; the rest is
/// thread-safe.
/// </summary>
internal sealed class NetworkRuntime(NetworkId id)
{
    private readonly Lock _lock = new();
    private NetworkStatus? _status;
    private ImmutableHashSet<PortId> _awaited = [];
    private ImmutableHashSet<HandleKey> _unproven = [];
    private ImmutableDictionary<(ServerKey Server, DriverKind Kind, bool IsDrift), ServerDeaths> _deaths = ImmutableDictionary<(
        ServerKey Server, DriverKind Kind, bool IsDrift), ServerDeaths>.Empty;
    private bool _force;
    private bool _isHeld;

    public NetworkId Id { get; } = id;

    /// <summary>How it is; <c>null</c> until a source told of it.</summary>
    public NetworkStatus? Status
    {
        get => Volatile.Read(ref _status);
        set => Volatile.Write(ref _status, value);
    }

    /// <summary>How it was when it was last not being worked on.</summary>
    public NetworkStatus? Settled { get; set; }

    /// <summary>Its server died while it was being worked on: the end of that work does not say how it is.</summary>
    public bool IsHeld
    {
        get => Volatile.Read(ref _isHeld);
        set => Volatile.Write(ref _isHeld, value);
    }

    /// <summary>What the last apply that went well was made of; <c>null</c> where the next one has to look at everything.</summary>
    public AppliedInputs? Applied { get; set; }

    /// <summary>The snapshot whose ports are reported ready.</summary>
    public NetworkSnapshot? Reported { get; set; }

    /// <summary>The last plans, by segment.</summary>
    public Dictionary<ServerKey, SegmentRuntime> Segments { get; } = [];

    /// <summary>The drivers that were decided upon last.</summary>
    public DriverSelection? Selection { get; set; }

    /// <summary>The server options that were decided upon last.</summary>
    public ServerOptions? Options { get; set; }

    /// <summary>What the worker does now, for the message of a deadline.</summary>
    public string Step { get; set; } = "";

    /// <summary>Handles of which nobody knows yet whether what they speak of is ours and there.</summary>
    public ImmutableHashSet<HandleKey> Unproven => Volatile.Read(ref _unproven);

    /// <summary>Whether an apply is to be made although nothing changed.</summary>
    public bool IsForced => Volatile.Read(ref _force);

    /// <summary>Ports that somebody waits for.</summary>
    public bool HasAwaited => !Volatile.Read(ref _awaited).IsEmpty;

    /// <summary>Deaths of its servers.</summary>
    public ImmutableDictionary<(ServerKey Server, DriverKind Kind, bool IsDrift), ServerDeaths> Deaths => Volatile.Read(ref _deaths);

    public void Force() => Volatile.Write(ref _force, true);

    public bool TakeForce() => Interlocked.Exchange(ref _force, false);

    public void Await(EquatableArray<PortId> ports)
    {
        if (!ports.IsEmpty)
        {
            ImmutableInterlocked.Update(ref _awaited, (held, more) => held.Union(more), ports);
        }
    }

    public ImmutableHashSet<PortId> TakeAwaited() => Interlocked.Exchange(ref _awaited, []);

    public void SetUnproven(HandleKey key, bool isUnproven) =>
        ImmutableInterlocked.Update(ref _unproven, (held, change) => change.isUnproven ? held.Add(change.key) : held.Remove(change.key), (key, isUnproven));

    public void ForgetDeaths() =>
        Volatile.Write(ref _deaths, ImmutableDictionary<(ServerKey Server, DriverKind Kind, bool IsDrift), ServerDeaths>.Empty);

    /// <summary>Counts a death. A server that ran for the stable time before starts with a clean record.</summary>
    public int CountDeath(ServerKey server, DriverKind kind, TimeProvider timeProvider, TimeSpan stableTime) =>
        Count((server, kind, false), timeProvider, stableTime);

    /// <summary>Counts a change behind the host's back.</summary>
    public int CountDrift(ServerKey server, TimeProvider timeProvider, TimeSpan stableTime) =>
        Count((server, DriverKind.Interface, true), timeProvider, stableTime);

    /// <summary>Notes that something was started: its stable time counts from here.</summary>
    public void Started(ServerKey server, DriverKind kind, long timestamp)
    {
        lock (_lock)
        {
            if (_deaths.TryGetValue((server, kind, false), out var held))
            {
                Volatile.Write(ref _deaths, _deaths.SetItem((server, kind, false), held with { LastStart = timestamp }));
            }
        }
    }

    private int Count((ServerKey, DriverKind, bool) key, TimeProvider timeProvider, TimeSpan stableTime)
    {
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            var deaths = _deaths.TryGetValue(key, out var held) && timeProvider.GetElapsedTime(held.LastStart, now) < stableTime ? held.Count + 1 : 1;
            Volatile.Write(ref _deaths, _deaths.SetItem(key, new(deaths, now)));
            return deaths;
        }
    }
}
