using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Caching;
using DhcpHost.Plugin.Neutron.HostPorts;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Reporting;
using DhcpHost.Plugin.Neutron.Server;
using DhcpHost.Plugin.Neutron.Watching;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron;

/// <summary>Networks that Neutron gives to this host's DHCP agent, by the RPC of neutron-dhcp-agent.</summary>
internal sealed partial class NeutronNetworkSource : INetworkSource, IAsyncDisposable
{
    private readonly IRpcTransport _transport;
    private readonly NeutronOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly NetworkCache _cache;
    private readonly NetworkProblems _problems;
    private readonly NetworkReader _reader;
    private readonly NotificationHandler _notifications;
    private readonly HostPortAllocator _hostPorts;
    private readonly ReadyReporter _ready;
    private readonly AgentReporter _agent;
    private readonly SourceState _state;
    private readonly EventHub _events = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private Task _resyncing = Task.CompletedTask;
    private bool _isWatched;
    private bool _isStarted;
    private bool _isListWanted;
    private bool _wasListed;

    public NeutronNetworkSource(IPluginContext context, NeutronOptions options, IRpcTransport transport)
    {
        Id = context.Id;
        (_options, _transport, _timeProvider) = (options, transport, context.TimeProvider);
        _logger = context.LoggerFactory.CreateLogger<NeutronNetworkSource>();
        var host = options.Host.Length > 0 ? options.Host : context.HostName;
        var server = new NeutronServer(transport, host);
        _cache = new(new NetworkShape(options).Apply, _timeProvider);
        _problems = new(_logger);
        _state = new(_events, _problems);
        _reader = new(server, _cache, _problems);
        _notifications = new(_cache);
        _hostPorts = new(server, _reader, _cache, host, options.PortCalls, _events.Publish);
        _ready = new(server, _cache, _timeProvider, _logger);
        _agent = new(server, _cache, options, host, Answered, _timeProvider, _logger);
    }

    public PluginId Id { get; }

    public async Task<IReadOnlyList<Network>> ListAsync(CancellationToken cancellationToken)
    {
        var isAgent = Volatile.Read(ref _isWatched);
        if (isAgent)
        {
            // What changes from here on is told; and the scheduler gives networks only to an agent that it knows.
            await WithinStartTimeAsync(_connected.Task, cancellationToken);
            await WithinStartTimeAsync(_agent.Accepted, cancellationToken);
        }

        Volatile.Write(ref _isListWanted, true);
        var networks = await _reader.ListAsync(() => !isAgent || _agent.Accepted.IsCompletedSuccessfully, cancellationToken);
        Volatile.Write(ref _isListWanted, false);
        Volatile.Write(ref _wasListed, true);
        _state.Listed();
        LogListed(networks.Count);
        return networks;
    }

    public Task<Network?> GetAsync(NetworkId networkId, CancellationToken cancellationToken) => _reader.GetAsync(networkId, cancellationToken);

    /// <summary>
    /// Whoever follows a watch makes this the host's agent: it listens, and reports. Whoever only lists and looks at the health, to try a configuration
    /// beside a host that runs, takes no message from that one's queue.
    /// </summary>
    public async IAsyncEnumerable<SourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isWatched, true);
        await foreach (var item in _events.WatchAsync(cancellationToken))
        {
            yield return item;
            Start();
        }
    }

    public async Task<Port> EnsureHostPortAsync(HostPortRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            var port = await _hostPorts.EnsureAsync(request, cancellationToken);
            if (port.Status != "ACTIVE")
            {
                // It is served by being there.
                _ready.Report([port.Id], isLive: false);
            }

            return port;
        }
        catch (DhcpHostException exception) when (exception.Kind == FailureKind.Gone)
        {
            _cache.Remove(request.Network.Id);
            throw;
        }
    }

    public Task ReleaseHostPortAsync(NetworkId networkId, SegmentId? segmentId, CancellationToken cancellationToken) =>
        _hostPorts.ReleaseAsync(networkId, segmentId, cancellationToken);

    public Task ReportReadyAsync(ReadyPortsReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        _ready.Report(report.PortIds, report.IsLive);
        return Task.CompletedTask;
    }

    public Task ReportStatusAsync(HostStatusReport report, CancellationToken cancellationToken)
    {
        _agent.Update(report);
        return Task.CompletedTask;
    }

    /// <summary>Connects, and begins to listen and to report.</summary>
    private void Start()
    {
        if (!Interlocked.Exchange(ref _isStarted, true))
        {
            _transport.Open();
            _agent.Start();
            _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _resyncing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _agent.DisposeAsync();
        await _ready.DisposeAsync();
        await _transport.DisposeAsync();
        _connected.TrySetCanceled();
        _events.Dispose();
        _hostPorts.Dispose();
        _stop.Dispose();
    }

    /// <summary>Waits for what usually takes a moment; a question that is asked without it fails by itself.</summary>
    private async Task WithinStartTimeAsync(Task task, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(_options.StartTime, _timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            LogNotStarted(_options.StartTime);
        }
    }
}
