using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Policies;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>Policies that a test sets; the built-in rules where it sets none.</summary>
internal sealed class ManualPolicies : IPolicies
{
    private readonly BuiltInPolicies _builtIn = new();
    private long _generation;

    public Func<PoolSizeContext, int>? Size { get; set; }

    public Func<AdmitNetworkContext, AdmitDecision>? Admission { get; set; }

    public Func<SelectDriverContext, DriverSelection>? Drivers { get; set; }

    public Func<ServerOptionsContext, ServerOptions>? Options { get; set; }

    public Func<InstanceMetadataContext, InstanceMetadata>? Instances { get; set; }

    public Func<RetryDelayContext, RetryDecision>? Retry { get; set; }

    public bool RecordsDecisions { get; set; }

    public long Generation => Interlocked.Read(ref _generation);

    public void Changed() => Interlocked.Increment(ref _generation);

    public PolicyAnswer<int> PoolSize(PoolSizeContext context) => Size is { } decide ? new(decide(context), "test") : _builtIn.PoolSize(context);

    public PolicyAnswer<AdmitDecision> AdmitNetwork(AdmitNetworkContext context) => Admission is { } decide
        ? new(decide(context), "test")
        : _builtIn.AdmitNetwork(context);

    public PolicyAnswer<DriverSelection> SelectDriver(SelectDriverContext context) => Drivers is { } decide
        ? new(decide(context), "test")
        : _builtIn.SelectDriver(context);

    public PolicyAnswer<ServerOptions> ServerOptions(ServerOptionsContext context) => Options is { } decide
        ? new(decide(context), "test")
        : _builtIn.ServerOptions(context);

    public PolicyAnswer<InstanceMetadata> InstanceMetadata(InstanceMetadataContext context) =>
        Instances is { } decide ? new(decide(context), "test") : _builtIn.InstanceMetadata(context);

    public PolicyAnswer<RetryDecision> RetryDelay(RetryDelayContext context) => Retry is { } decide
        ? new(decide(context), "test")
        : _builtIn.RetryDelay(context);
}
