namespace DhcpHost.Abstractions.Policies;

/// <summary>What <c>pool-size</c> decides upon: how many networks are reconciled at once. It answers an <c>int</c>; the limits clamp it.</summary>
public sealed record PoolSizeContext
{
    /// <summary>Networks that the host knows.</summary>
    public required int Networks { get; init; }

    /// <summary>Networks that wait for a worker.</summary>
    public required int Pending { get; init; }

    /// <summary>Networks that a worker has now.</summary>
    public required int Running { get; init; }

    /// <summary>Workers now.</summary>
    public required int CurrentSize { get; init; }

    /// <summary>The median time of the last reconciles.</summary>
    public required TimeSpan RecentLatency { get; init; }

    /// <summary>Failed reconciles in the last minute.</summary>
    public required int RecentFailures { get; init; }

    /// <summary>Processors.</summary>
    public required int Cpus { get; init; }

    /// <summary><c>limits.workers_min</c>.</summary>
    public required int Min { get; init; }

    /// <summary><c>limits.workers_max</c>.</summary>
    public required int Max { get; init; }
}
