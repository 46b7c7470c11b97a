using System.Diagnostics.CodeAnalysis;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Linux.Interop;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// The leases of all networks, in memory and in one journal. Handlers note changes; those that were noted while the disk was busy are written
/// together, with one fdatasync(2). Replies that depend on them leave afterwards. Belongs to the loop's thread.
/// </summary>
internal sealed partial class LeaseStore : IDatagramCommit, IJournalState, IDisposable
{
    private readonly Journal _journal;
    private readonly string _path;
    private readonly LeaseClock _clock;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Dictionary<ServerKey, ServerLeases> _servers = [];
    private readonly Dictionary<int, ServerLeases> _byId = [];
    private int _lastId;
    private Action<string?>? _onHealth;

    /// <summary>Reads the journal.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public LeaseStore(string path, TimeProvider timeProvider, ILogger logger, bool isReadOnly = false, long minRewriteSize = Journal.MinRewriteSize)
    {
        _timeProvider = timeProvider;
        _logger = logger;
        _clock = new(timeProvider);
        _journal = new(path, this, isDurable: true, minRewriteSize);
        _journal.OnRewritten(() => _wake?.Invoke());
        _path = path;
        Open(isReadOnly);
    }

    /// <summary>Reads the journal, in place of what was read before.</summary>
    /// <param name="isReadOnly">Another writes it: nothing is written here.</param>
    public void Open(bool isReadOnly)
    {
        _servers.Clear();
        _byId.Clear();
        _durable = _batch++;
        _prepared = 0;
        if (_journal.Open(isReadOnly) is var lost and > 0)
        {
            Log.Damaged(_logger, _path, lost);
        }

        Sweep();
    }

    /// <summary>Now, in milliseconds of Unix time, in the time in which leases run.</summary>
    public long Now => _clock.Now;

    /// <summary>Why leases cannot be written; <c>null</c> while they can.</summary>
    public string? Failure { get; private set; }

    /// <summary>Batches that were made durable.</summary>
    public long Commits { get; private set; }

    /// <summary>The networks of which there are leases, or that asked for their table.</summary>
    public IReadOnlyCollection<ServerLeases> Servers => _servers.Values;

    /// <summary>Told of every change of <see cref="Failure"/>.</summary>
    public void OnHealthChanged(Action<string?> callback) => _onHealth = callback;

    /// <summary>The leases of a network, kept as long as anybody has leases there.</summary>
    public ServerLeases Of(ServerKey key)
    {
        if (!_servers.TryGetValue(key, out var leases))
        {
            leases = Add(key, ++_lastId);
            NoteServer(leases);
        }

        return leases;
    }

    /// <summary>The leases of a network, if there is anything to know of it.</summary>
    public bool TryFind(ServerKey key, [NotNullWhen(true)] out ServerLeases? leases) => _servers.TryGetValue(key, out leases);

    /// <summary>Forgets a network's leases for good.</summary>
    public void Forget(ServerKey key)
    {
        if (_servers.Remove(key, out var leases))
        {
            _ = _byId.Remove(leases.Id);
            _prepared -= leases.IPv4.Prepared.Count + leases.IPv6.Prepared.Count;
            NoteForgotten(leases);
        }
    }

    /// <summary>Frees the memory of leases that ended. To be called now and then.</summary>
    public void Sweep()
    {
        FollowClock();
        foreach (var leases in _servers.Values)
        {
            leases.IPv4.Sweep(Now);
            leases.IPv6.Sweep(Now);
        }

        SweepPrepared();
    }

    public void Dispose()
    {
        Finish();
        _ = Collect();
        if (Failure is null)
        {
            NoteEnds();
            _ = Commit(isDurable: true);
        }

        _writer?.Dispose();
        _journal.Dispose();
    }

    private ServerLeases Add(ServerKey key, int id)
    {
        var leases = new ServerLeases(key, id, new(this, id, isIPv6: false), new(this, id, isIPv6: true));
        _servers[key] = leases;
        _byId[id] = leases;
        _lastId = Math.Max(_lastId, id);
        return leases;
    }

    private void FollowClock()
    {
        if (_clock.TakeStep() is var step and not 0)
        {
            Log.ClockStepped(_logger, step / 1000);
            MoveEnds(step);
            NoteStep(step);
        }
    }

    private void MoveEnds(long step)
    {
        foreach (var leases in _servers.Values)
        {
            foreach (var lease in leases.IPv4.All.Concat(leases.IPv6.All).Concat(leases.IPv4.Prepared).Concat(leases.IPv6.Prepared))
            {
                lease.ExpiresAt = Move(lease.ExpiresAt);
                (lease.NotedUntil, lease.NotedIn, lease.DurableUntil) = (Move(lease.NotedUntil), _batch, 0);
            }
        }

        long Move(long end) => end == LeaseRecord.Never ? end : end + step;
    }

    private void SetFailure(string? failure)
    {
        if (failure is null == Failure is null)
        {
            return;
        }

        Failure = failure;
        if (failure is not null)
        {
            Log.CommitFailed(_logger, failure);
        }
        else
        {
            Log.CommitsAgain(_logger);
        }

        _onHealth?.Invoke(failure);
    }
}
