using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Limits;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.State;

/// <summary>
/// What the host remembers over its own restarts: <c>state.db</c> in the state directory. It is held in memory, where it is read; changes are written by one
/// task, many in one transaction. A disk that is full or broken stops nothing: what is not yet written is tried again, and <see cref="Problem"/> says so.
/// </summary>
public sealed partial class StateStore : IAsyncDisposable
{
    /// <summary>Events that wait to be written, at most.</summary>
    public const int PendingEvents = 10_000;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    // How long changes that nobody waits for are gathered.
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private readonly Func<LimitsOptions> _limits;
    private readonly ILogger _log;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly Channel<bool> _awaited = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly SemaphoreSlim _database = new(1, 1);
    private readonly CancellationTokenSource _stop = new();

    private readonly Dictionary<NetworkId, StoredNetwork> _networks = [];

    // The servers that the file has leases of; null as long as that is not known.
    private HashSet<ServerKey>? _leaseKeepers;
    private HashSet<NetworkId> _dirty = [];
    private Dictionary<ServerKey, IReadOnlyList<Lease>> _leases = [];
    private List<HostEvent> _events = [];
    private List<TaskCompletionSource<bool>> _waiters = [];
    private StateDatabase? _open;
    private Task _writer = Task.CompletedTask;
    private string? _problem;
    private bool _isClosing;
    private bool _isWriting;
    private StateOpening _opening;

    /// <summary>A store in a directory, which is made (0700) when it is opened.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="log">Its log.</param>
    public StateStore(string directory, Func<LimitsOptions> limits, TimeProvider timeProvider, ILogger<StateStore> log)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        (_path, _limits, _timeProvider, _log) = (System.IO.Path.Combine(directory, "state.db"), limits, timeProvider, log);
    }

    /// <summary>The file.</summary>
    public string Path => _path;

    /// <summary>What is not well, and since when; <c>null</c> where all is.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    /// <summary>Events that could not be kept because too many waited to be written.</summary>
    public long DroppedEvents { get; private set; }

    /// <summary>The highest sequence of an event in the file when it was opened.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Whether what was found at the start may lack something: there was no file, or it was corrupt.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>All networks that something is kept of.</summary>
    public IReadOnlyList<StoredNetwork> Networks
    {
        get
        {
            lock (_lock)
            {
                return [.. _networks.Values];
            }
        }
    }

    /// <summary>What is kept of one network; an empty one where nothing is.</summary>
    public StoredNetwork Find(NetworkId id)
    {
        lock (_lock)
        {
            return _networks.GetValueOrDefault(id) ?? new StoredNetwork(id);
        }
    }

    /// <summary>Changes what is kept of a network. It is written soon; <see cref="FlushAsync"/> waits for that.</summary>
    public StoredNetwork Update(NetworkId id, Func<StoredNetwork, StoredNetwork> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        StoredNetwork after;
        lock (_lock)
        {
            var before = _networks.GetValueOrDefault(id) ?? new StoredNetwork(id);
            after = change(before);
            if (after == before)
            {
                return after;
            }

            if (after.IsEmpty)
            {
                _networks.Remove(id);
            }
            else
            {
                _networks[id] = after;
            }

            _dirty.Add(id);
        }

        Signal();
        return after;
    }

    /// <summary>Keeps a snapshot of a server's leases in place of the last one.</summary>
    public void SaveLeases(ServerKey server, IReadOnlyList<Lease> leases)
    {
        lock (_lock)
        {
            _leases[server] = leases;
        }

        Signal();
    }

    /// <summary>Keeps an event. False where too many wait to be written already.</summary>
    public bool Append(HostEvent hostEvent)
    {
        lock (_lock)
        {
            if (_events.Count >= PendingEvents)
            {
                DroppedEvents++;
                return false;
            }

            _events.Add(hostEvent);
        }

        Signal();
        return true;
    }

    /// <summary>Waits until all that was changed before is written. False where it could not be: it is tried again later.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isClosing || !_isWriting)
            {
                return false;
            }

            _waiters.Add(waiter);
        }

        _awaited.Writer.TryWrite(true);
        Signal();
        return await waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The last snapshot of a server's leases; empty where there is none.</summary>
    public async Task<IReadOnlyList<Lease>> ReadLeasesAsync(ServerKey server, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_leases.TryGetValue(server, out var pending))
            {
                return pending;
            }

            if (_leaseKeepers?.Contains(server) == false)
            {
                return [];
            }
        }

        return await ReadAsync(database => database.ReadLeases(server), cancellationToken) ?? [];
    }

    /// <summary>The newest events of the history that are written, newest first; empty where the file cannot be read now.</summary>
    public async Task<IReadOnlyList<HostEvent>> ReadEventsAsync(NetworkId? networkId, int count, CancellationToken cancellationToken) =>
        await ReadAsync(database => database.ReadEvents(networkId, count), cancellationToken) ?? [];

    /// <summary>Writes what is not yet written, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer.IsCompleted)
        {
            _open?.Dispose();
            return;
        }

        await FlushAsync(CancellationToken.None);
        await CloseAsync();
    }

    /// <summary>Closes without writing what is not yet written: what a crash leaves.</summary>
    internal async Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosing = true;
        }

        await _stop.CancelAsync();
        await _writer;
        _open?.Dispose();
        _open = null;
    }

    private void Signal() => _signal.Writer.TryWrite(true);
}
