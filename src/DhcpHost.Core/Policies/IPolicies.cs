using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Core.Policies;

/// <summary>
/// The site's decisions. A call never throws and never takes longer than <c>limits.policy_time</c>: a script that fails is replaced by the
/// last good one, then by the built-in rule.
/// </summary>
public interface IPolicies
{
    /// <summary>Whether it records by itself what it decides about networks, so that nobody else has to.</summary>
    bool RecordsDecisions => false;

    /// <summary>How many workers reconcile; not yet clamped.</summary>
    PolicyAnswer<int> PoolSize(PoolSizeContext context);

    /// <summary>Whether a network is served.</summary>
    PolicyAnswer<AdmitDecision> AdmitNetwork(AdmitNetworkContext context);

    /// <summary>Which drivers serve it.</summary>
    PolicyAnswer<DriverSelection> SelectDriver(SelectDriverContext context);

    /// <summary>What its server is told.</summary>
    PolicyAnswer<ServerOptions> ServerOptions(ServerOptionsContext context);

    /// <summary>What an instance is told about itself.</summary>
    PolicyAnswer<InstanceMetadata> InstanceMetadata(InstanceMetadataContext context);

    /// <summary>What follows a failure; not yet clamped.</summary>
    PolicyAnswer<RetryDecision> RetryDelay(RetryDelayContext context);

    /// <summary>Rises by one whenever a script's content in force changes: networks are then decided anew.</summary>
    long Generation { get; }
}
