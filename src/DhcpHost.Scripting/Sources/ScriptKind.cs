using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Jobs;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Scripting.Sources;

/// <summary>What a script is for, which decides what it sees and what it may do.</summary>
/// <param name="Id">The policy's name, or <c>job</c>.</param>
/// <param name="GlobalsType">The type whose members the script sees as its own.</param>
public sealed record ScriptKind(string Id, Type GlobalsType)
{
    /// <summary><c>policies/pool-size.csx</c>.</summary>
    public static ScriptKind PoolSize { get; } = new("pool-size", typeof(Policy<PoolSizeContext, int>));

    /// <summary><c>policies/admit-network.csx</c>.</summary>
    public static ScriptKind AdmitNetwork { get; } = new("admit-network", typeof(Policy<AdmitNetworkContext, AdmitDecision>));

    /// <summary><c>policies/select-driver.csx</c>.</summary>
    public static ScriptKind SelectDriver { get; } = new("select-driver", typeof(Policy<SelectDriverContext, DriverSelection>));

    /// <summary><c>policies/server-options.csx</c>.</summary>
    public static ScriptKind ServerOptions { get; } = new("server-options", typeof(Policy<ServerOptionsContext, ServerOptions>));

    /// <summary><c>policies/instance-metadata.csx</c>.</summary>
    public static ScriptKind InstanceMetadata { get; } = new("instance-metadata", typeof(Policy<InstanceMetadataContext, InstanceMetadata>));

    /// <summary><c>policies/retry-delay.csx</c>.</summary>
    public static ScriptKind RetryDelay { get; } = new("retry-delay", typeof(Policy<RetryDelayContext, RetryDecision>));

    /// <summary><c>jobs/*.csx</c>.</summary>
    public static ScriptKind Job { get; } = new("job", typeof(JobGlobals));

    /// <summary>The policies, by name.</summary>
    public static IReadOnlyList<ScriptKind> Policies { get; } = [AdmitNetwork, InstanceMetadata, PoolSize, RetryDelay, SelectDriver, ServerOptions];

    /// <summary>Whether it decides, fast and from its argument alone.</summary>
    public bool IsPolicy => this != Job;

    /// <summary>The kind with an id; <c>null</c> where there is none.</summary>
    public static ScriptKind? Find(string id) => id == Job.Id ? Job : Policies.FirstOrDefault(kind => kind.Id == id);
}
