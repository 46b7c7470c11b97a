using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Files.Scanning;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Files;

/// <summary>Networks from a directory of TOML files.</summary>
internal sealed partial class FilesNetworkSource : INetworkSource, IAsyncDisposable
{
    private const int MaxWaitingEvents = 16_384;

    private readonly FilesOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly string _directory;
    private readonly LastGoodFiles _lastGood;
    private readonly NetworkDirectory _files;
    private readonly CancellationTokenSource _stop = new();

    // Held while files are read; _watchers' lock while the outcome is told.
    private readonly SemaphoreSlim _scanning = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<Channel<SourceEvent>> _watchers = [];
    private FilesSnapshot _snapshot = FilesSnapshot.Empty;
    private long _recheckTicks = -1;
    private Task _running = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;

    public FilesNetworkSource(IPluginContext context, FilesOptions options)
    {
        Id = context.Id;
        _options = options;
        _timeProvider = context.TimeProvider;
        _logger = context.LoggerFactory.CreateLogger<FilesNetworkSource>();
        _directory = Path.GetFullPath(options.Directory, context.ConfigDirectory);
        _lastGood = new(context.StateDirectory, _directory);
        _files = new(_directory, options, context.HostName, _lastGood, context.TimeProvider);
    }

    public PluginId Id { get; }

    /// <summary>Starts to watch the directory.</summary>
    public void Start()
    {
        _running = Task.Run(() => RunAsync(_stop.Token));
        _keeping = Task.Run(() => KeepAsync(_stop.Token));
    }

    public async Task<IReadOnlyList<Network>> ListAsync(CancellationToken cancellationToken)
    {
        await ScanAsync(names: null, cancellationToken);
        return [.. Current.Networks.Values.Select(loaded => loaded.Network).OrderBy(network => network.Id)];
    }

    public Task<Network?> GetAsync(NetworkId networkId, CancellationToken cancellationToken) =>
        Task.FromResult(Current.Networks.GetValueOrDefault(networkId)?.Network);

    public async IAsyncEnumerable<SourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A reader that is so far behind that the channel is full ends, and starts again with the whole list.
        var events = Channel.CreateBounded<SourceEvent>(new BoundedChannelOptions(MaxWaitingEvents) { SingleReader = true });
        lock (_lock)
        {
            _ = events.Writer.TryWrite(new SourceEvent.HealthChanged(_snapshot.Health));
            _watchers.Add(events);
        }

        try
        {
            await foreach (var change in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _ = _watchers.Remove(events);
            }
        }
    }

    public Task<Port> EnsureHostPortAsync(HostPortRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        _ = SetServing();
        var id = request.Network.Id;
        if (!Current.Networks.TryGetValue(id, out var loaded))
        {
            throw new DhcpHostException(FailureKind.Gone, $"The network {id} is no longer in {_options.Directory}.");
        }

        var full = request.SubnetIds.Where(subnet => !loaded.HostAddresses.ContainsKey(subnet)).ToList();
        if (full.Count > 0)
        {
            throw new DhcpHostException(
                FailureKind.Exhausted,
                $"No address is left for the DHCP server on subnet {string.Join(", ", full)} of network {id}: make room in its pools or "
                    + $"reservations, or set server_address.");
        }

        return Task.FromResult(loaded.HostPort with
        {
            FixedIps = request.SubnetIds.Select(subnet => new FixedIp(subnet, loaded.HostAddresses[subnet])).ToEquatableArray(),
        });
    }

    public Task ReleaseHostPortAsync(NetworkId networkId, SegmentId? segmentId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReportReadyAsync(ReadyPortsReport report, CancellationToken cancellationToken) => SetServing();

    public Task ReportStatusAsync(HostStatusReport report, CancellationToken cancellationToken) => SetServing();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _keeping;
        lock (_lock)
        {
            _watchers.ForEach(watcher => watcher.Writer.TryComplete());
        }

        _stop.Dispose();
        _scanning.Dispose();
    }

    private FilesSnapshot Current
    {
        get
        {
            lock (_lock)
            {
                return _snapshot;
            }
        }
    }

    /// <summary>Looks at files and tells what changed.</summary>
    /// <param name="names">Which ones; <c>null</c> for all.</param>
    /// <param name="cancellationToken">Ends the wait for another scan.</param>
    private async Task ScanAsync(IReadOnlyCollection<string>? names, CancellationToken cancellationToken)
    {
        await _scanning.WaitAsync(cancellationToken);
        try
        {
            var result = names is null ? _files.ScanAll() : _files.Scan(names);
            Volatile.Write(ref _recheckTicks, result.Recheck?.Ticks ?? -1);
            Publish(result.Snapshot);
            _ = _scanned.Writer.TryWrite(true);
        }
        finally
        {
            _ = _scanning.Release();
        }
    }

    private void Publish(FilesSnapshot snapshot)
    {
        ImmutableArray<SourceEvent> changes;
        SourceHealth earlier;
        lock (_lock)
        {
            changes = [.. snapshot.ChangesSince(_snapshot)];
            earlier = _snapshot.Health;
            _snapshot = snapshot;
            foreach (var watcher in _watchers)
            {
                if (!changes.All(watcher.Writer.TryWrite))
                {
                    _ = watcher.Writer.TryComplete();
                }
            }
        }

        LogChanges(changes, earlier);
    }
}
