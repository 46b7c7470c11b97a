using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.Metadata.Listening;
using DhcpHost.Plugin.Metadata.Requests;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata;

/// <summary>Serves the metadata of all networks from this process: a listener in each network's namespace.</summary>
internal sealed class MetadataDriver : IMetadataDriver, IAsyncDisposable
{
    private const int HandleVersion = 1;

    private readonly MetadataOptions _options;
    private readonly MetadataServer _server;
    private readonly ILogger _logger;
    private readonly NetnsBroker _broker = new();
    private readonly NetworkNamespaces _namespaces;
    private readonly ProxyTable _proxies;
    private readonly Channel<DriverEvent> _events = Channel.CreateBounded<DriverEvent>(1);

    public MetadataDriver(MetadataOptions options, MetadataServer server, string version, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        (_options, _server, _logger) = (options, server, loggers.CreateLogger<MetadataDriver>());
        _namespaces = new(_broker);
        var sockets = new Linux.Sockets.NamespaceSockets(_broker);
        _proxies = new(options, server, sockets, new(sockets, timeProvider));
        Info = new(new("metadata"), version, PluginContract.Version);
        Capabilities = new() { IPv6 = true, HotReload = true, InstanceDocuments = options.Mode == MetadataSource.Documents };
    }

    public DriverInfo Info { get; }

    public DriverCapabilities Capabilities { get; }

    public Task<ApplyResult> ApplyAsync(MetadataPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return ClassifyAsync(plan.Server, async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var place = await ProxyPlace.OpenAsync(_namespaces, _broker, plan.Interface, cancellationToken);
            var (action, reasons) = Decide(plan, place);
            switch (action)
            {
                case ApplyAction.Started or ApplyAction.Restarted:
                    await _proxies.StartAsync(plan, place, cancellationToken);
                    break;
                case ApplyAction.Reloaded:
                    _proxies.Find(plan.Server)!.Plan = plan;
                    break;
            }

            Log.Applied(_logger, plan.Server, action, string.Join("; ", reasons));
            return new ApplyResult { Handle = MakeHandle(plan.Server), Action = action, Reasons = reasons, Refusals = Refuse(plan) };
        });
    }

    public Task<ApplyPreview> PreviewAsync(MetadataPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return ClassifyAsync(plan.Server, async () =>
        {
            using var place = await ProxyPlace.OpenAsync(_namespaces, _broker, plan.Interface, cancellationToken);
            var (action, reasons) = Decide(plan, place);
            var before = action == ApplyAction.Started ? null : $"in {_proxies.Find(plan.Server)!.Namespace}";
            return new ApplyPreview
            {
                Action = action,
                Reasons = reasons,
                Refusals = Refuse(plan),
                Changes = action is ApplyAction.Started or ApplyAction.Restarted
                    ? [new($"listener at {ProxyPlace.IPv4}:80", before, $"in {place.Namespace.Id}")]
                    : [],
            };
        });
    }

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return Task.FromResult(_proxies.Find(handle.Server) is null
            ? new RecoverResult(RecoverOutcome.Gone, "its listeners ended with the process that had them")
            : new RecoverResult(RecoverOutcome.Recovered, "it listens in this process"));
    }

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return ClassifyAsync(handle.Server, async () =>
        {
            if (_proxies.Find(handle.Server) is not { } proxy)
            {
                return new InspectResult { State = InspectState.Missing, Reason = "nothing listens for it" };
            }

            var fault = await FindFaultAsync(proxy, cancellationToken);
            string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
            return new()
            {
                State = fault is null ? InspectState.Running : InspectState.Drifted,
                Reason = fault,
                ProcessId = Environment.ProcessId,
                StartedAt = proxy.StartedAt,
                Details = new(
                [
                    new("answers come from", _server.Description),
                    new("connections", Number(proxy.ConnectionCount)),
                    new("requests", Number(proxy.Counters.Requests)),
                    new("requests of no instance", Number(proxy.Counters.Unknown)),
                    new("requests beyond a rate", Number(proxy.Counters.Limited)),
                    new("requests that failed", Number(proxy.Counters.Failed)),
                    new("connections refused", Number(proxy.Counters.RefusedConnections)),
                    new("ipv6", proxy.HasIPv6 ? "yes" : "no"),
                ]),
            };
        });
    }

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return ClassifyAsync(handle.Server, async () =>
        {
            if (await _proxies.RemoveAsync(handle.Server, _options.StopTimeout))
            {
                Log.Removed(_logger, handle.Server, reason);
            }

            return true;
        });
    }

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DriverHandle>>([.. _proxies.Keys.Select(MakeHandle)]);

    public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new DriverEvent.HealthChanged(new(true, $"answers come from {_server.Description}"));
        await foreach (var notice in _events.Reader.ReadAllAsync(cancellationToken))
        {
            yield return notice;
        }
    }

    /// <summary>Closes all listeners: they cannot outlive the process.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _events.Writer.TryComplete();
        await Task.WhenAll(_proxies.Keys.Select(key => _proxies.RemoveAsync(key, TimeSpan.Zero)));
        _broker.Dispose();
    }

    private (ApplyAction Action, EquatableArray<string> Reasons) Decide(MetadataPlan plan, ProxyPlace place) => _proxies.Find(plan.Server) switch
    {
        null => (ApplyAction.Started, ["nothing listened for it"]),
        var proxy when proxy.Namespace != place.Namespace.Id => (ApplyAction.Restarted, ["its namespace is another one"]),
        var proxy when proxy.Link != place.Link => (ApplyAction.Restarted, ["its interface is another one"]),
        var proxy when proxy.HasIPv6 != place.HasIPv6 =>
            (ApplyAction.Restarted, [place.HasIPv6 ? "its interface has the IPv6 address now" : "its interface has the IPv6 address no more"]),
        var proxy when proxy.Plan != plan => (ApplyAction.Reloaded, ["what it answers from changed"]),
        _ => (ApplyAction.Unchanged, []),
    };

    private EquatableArray<Refusal> Refuse(MetadataPlan plan) => plan.RouterId is null || _options.Mode == MetadataSource.Agent ? [] :
    [
        new(
            $"instances behind the router {plan.RouterId}",
            "their ports are on other networks, which only neutron-metadata-agent looks up: set drivers.metadata.mode = \"agent\""),
    ];

    private async Task<string?> FindFaultAsync(NetworkProxy proxy, CancellationToken cancellationToken)
    {
        try
        {
            using var place = await ProxyPlace.OpenAsync(_namespaces, _broker, proxy.Plan.Interface, cancellationToken);
            if (proxy.Namespace != place.Namespace.Id || proxy.Link != place.Link)
            {
                return "its interface is another one now";
            }

            await _proxies.CheckAsync(proxy, place, cancellationToken);
            return null;
        }
        catch (DhcpHostException e)
        {
            return e.Message;
        }
    }

    private DriverHandle MakeHandle(ServerKey key) => new(Info.Id, key, HandleVersion, "{}");

    private static async Task<T> ClassifyAsync<T>(ServerKey server, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (LinuxException e)
        {
            throw new DhcpHostException(e.IsGone ? FailureKind.Conflict : FailureKind.Transient, $"metadata proxy of {server}: {e.Message}", e);
        }
    }
}
