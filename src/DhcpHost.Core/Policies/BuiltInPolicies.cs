using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Core.Policies;

/// <summary>The rules that hold where no script decides; the scripts that ship say the same.</summary>
public sealed class BuiltInPolicies : IPolicies
{
    /// <summary>The origin of their answers.</summary>
    public const string Origin = "built-in";

    /// <inheritdoc/>
    public long Generation => 0;

    /// <inheritdoc/>
    public PolicyAnswer<int> PoolSize(PoolSizeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // Reconciles mostly wait for the kernel and for servers: several times as many workers as processors, as long as there is work.
        return new(Math.Max(context.Min, Math.Min(context.Pending + context.Running, context.Cpus * 8)), Origin);
    }

    /// <inheritdoc/>
    public PolicyAnswer<AdmitDecision> AdmitNetwork(AdmitNetworkContext context) => new(AdmitDecision.Admit, Origin);

    /// <inheritdoc/>
    public PolicyAnswer<DriverSelection> SelectDriver(SelectDriverContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Default, Origin);
    }

    /// <inheritdoc/>
    public PolicyAnswer<ServerOptions> ServerOptions(ServerOptionsContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Default, Origin);
    }

    /// <inheritdoc/>
    public PolicyAnswer<InstanceMetadata> InstanceMetadata(InstanceMetadataContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Default, Origin);
    }

    /// <inheritdoc/>
    public PolicyAnswer<RetryDecision> RetryDelay(RetryDelayContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Attempt > context.MaxAttempts)
        {
            return new(RetryDecision.Quarantine($"{context.Attempt} failures in a row"), Origin);
        }

        // Exponential from the least delay, with half of it as jitter, so that networks that failed together do not come back together.
        var doubled = context.MinDelay * Math.Pow(2, Math.Min(context.Attempt - 1, 30));
        var delay = doubled < context.MaxDelay ? doubled : context.MaxDelay;
        return new(RetryDecision.After(delay * (0.75 + (context.Random / 2))), Origin);
    }
}
