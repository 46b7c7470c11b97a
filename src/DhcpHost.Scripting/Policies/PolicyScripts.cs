using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Policies;
using DhcpHost.Scripting.Execution;

namespace DhcpHost.Scripting.Policies;

/// <summary>The site's decisions, by its scripts where it has them.</summary>
internal sealed class PolicyScripts : IPolicies
{
    private readonly ScriptedPolicy<PoolSizeContext, int> _poolSize;
    private readonly ScriptedPolicy<AdmitNetworkContext, AdmitDecision> _admitNetwork;
    private readonly ScriptedPolicy<SelectDriverContext, DriverSelection> _selectDriver;
    private readonly ScriptedPolicy<ServerOptionsContext, ServerOptions> _serverOptions;
    private readonly ScriptedPolicy<InstanceMetadataContext, InstanceMetadata> _instanceMetadata;
    private readonly ScriptedPolicy<RetryDelayContext, RetryDecision> _retryDelay;
    private long _generation;

    public PolicyScripts(CallWatchdog watchdog, PolicyReports reports)
    {
        _poolSize = new(PolicySpecs.PoolSize, watchdog, reports);
        _admitNetwork = new(PolicySpecs.AdmitNetwork, watchdog, reports);
        _selectDriver = new(PolicySpecs.SelectDriver, watchdog, reports);
        _serverOptions = new(PolicySpecs.ServerOptions, watchdog, reports);
        _instanceMetadata = new(PolicySpecs.InstanceMetadata, watchdog, reports);
        _retryDelay = new(PolicySpecs.RetryDelay, watchdog, reports);
        All = [_admitNetwork, _instanceMetadata, _poolSize, _retryDelay, _selectDriver, _serverOptions];
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<IScriptedPolicy> All { get; }

    /// <inheritdoc/>
    public bool RecordsDecisions => true;

    /// <inheritdoc/>
    public long Generation => Volatile.Read(ref _generation);

    /// <inheritdoc/>
    public PolicyAnswer<int> PoolSize(PoolSizeContext context) => _poolSize.Decide(context);

    /// <inheritdoc/>
    public PolicyAnswer<AdmitDecision> AdmitNetwork(AdmitNetworkContext context) => _admitNetwork.Decide(context);

    /// <inheritdoc/>
    public PolicyAnswer<DriverSelection> SelectDriver(SelectDriverContext context) => _selectDriver.Decide(context);

    /// <inheritdoc/>
    public PolicyAnswer<ServerOptions> ServerOptions(ServerOptionsContext context) => _serverOptions.Decide(context);

    /// <inheritdoc/>
    public PolicyAnswer<InstanceMetadata> InstanceMetadata(InstanceMetadataContext context) => _instanceMetadata.Decide(context);

    /// <inheritdoc/>
    public PolicyAnswer<RetryDecision> RetryDelay(RetryDelayContext context) => _retryDelay.Decide(context);

    /// <summary>Notes that another content is in force.</summary>
    public void Advance() => Interlocked.Increment(ref _generation);
}
