using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Policies;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Policies;

/// <summary>The six policies.</summary>
internal static class PolicySpecs
{
    private static readonly BuiltInPolicies Rules = new();

    public static PolicySpec<PoolSizeContext, int> PoolSize { get; } = new()
    {
        Kind = ScriptKind.PoolSize,
        BuiltIn = Rules.PoolSize,
        Check = PolicyChecks.PoolSize,
        Probes = PolicyProbes.PoolSize,
        Subject = static _ => "",

        // Never recorded: the pool itself tells of each change of its size, with the answer and the limit that held.
        IsUnchanged = static (_, _, _) => true,
        IsDefault = static (_, _) => true,
        Summarize = static context => context,
    };

    public static PolicySpec<AdmitNetworkContext, AdmitDecision> AdmitNetwork { get; } = new()
    {
        Kind = ScriptKind.AdmitNetwork,
        BuiltIn = Rules.AdmitNetwork,
        Check = PolicyChecks.AdmitNetwork,
        Probes = PolicyProbes.AdmitNetwork,
        Subject = static context => context.Network.Id.Value,
        IsUnchanged = static (_, last, now) => last == now,
        IsDefault = static (_, decision) => decision == AdmitDecision.Admit,
        Summarize = static context => new { network = Summarize(context.Network), source = context.Source, context.ServedNetworks },
    };

    public static PolicySpec<SelectDriverContext, DriverSelection> SelectDriver { get; } = new()
    {
        Kind = ScriptKind.SelectDriver,
        BuiltIn = Rules.SelectDriver,
        Check = PolicyChecks.SelectDriver,
        Probes = PolicyProbes.SelectDriver,
        Subject = static context => context.Network.Id.Value,
        IsUnchanged = static (_, last, now) => last == now,
        IsDefault = static (context, selection) => selection == context.Default,
        Summarize = static context => new
        {
            network = Summarize(context.Network),
            context.Default,
            context.Current,
            context.InterfaceDrivers,
            context.DhcpDrivers,
            context.MetadataDrivers,
        },
    };

    public static PolicySpec<ServerOptionsContext, ServerOptions> ServerOptions { get; } = new()
    {
        Kind = ScriptKind.ServerOptions,
        BuiltIn = Rules.ServerOptions,
        Check = PolicyChecks.ServerOptions,
        Probes = PolicyProbes.ServerOptions,
        Subject = static context => context.Network.Id.Value,
        IsUnchanged = static (_, last, now) => last == now,
        IsDefault = static (context, options) => options == context.Default,
        Summarize = static context => new { network = Summarize(context.Network), context.Default },
    };

    public static PolicySpec<InstanceMetadataContext, InstanceMetadata> InstanceMetadata { get; } = new()
    {
        Kind = ScriptKind.InstanceMetadata,
        BuiltIn = Rules.InstanceMetadata,
        Check = PolicyChecks.InstanceMetadata,
        Probes = PolicyProbes.InstanceMetadata,

        // Never recorded: user-data holds passwords and keys.
        Subject = static _ => "",
        IsUnchanged = static (_, _, _) => true,
        IsDefault = static (_, _) => true,
        Summarize = static context => new { network = Summarize(context.Network), port = context.Port.Id },
    };

    public static PolicySpec<RetryDelayContext, RetryDecision> RetryDelay { get; } = new()
    {
        Kind = ScriptKind.RetryDelay,
        BuiltIn = Rules.RetryDelay,
        Check = PolicyChecks.RetryDelay,
        Probes = PolicyProbes.RetryDelay,
        Subject = static context => context.NetworkId.Value,
        // Each attempt waits another time; what changes something is the step into quarantine, or a rule that is not the host's own.
        IsUnchanged = static (context, last, now) => last.Delay is null == now.Delay is null && (last == now || now == Rules.RetryDelay(context).Value),
        IsDefault = static (context, decision) => decision == Rules.RetryDelay(context).Value && decision.Delay is not null,
        Summarize = static context => context,
    };

    private static object Summarize(Network network) => new
    {
        id = network.Id,
        network.Name,
        network.ProjectId,
        subnets = network.Subnets.Take(16).Select(subnet => subnet.Cidr.ToString()).ToArray(),
        ports = network.Ports.Count,
        network.Labels,
        network.Attachment,
        network.DhcpDriver,
        network.RevisionNumber,
    };
}
