namespace DhcpHost.Abstractions.Drivers;

/// <summary>The shape that all drivers share: apply a plan, recover after a restart of the host, inspect, remove.</summary>
/// <typeparam name="TPlan">What is wished for.</typeparam>
/// <typeparam name="TResult">What an apply tells.</typeparam>
public interface INetworkDriver<TPlan, TResult> : INetworkDriver
    where TResult : ApplyResult
{
    /// <summary>Makes it so, in the way that clients notice least, and says which way that was. Idempotent.</summary>
    /// <param name="plan">What is wished for.</param>
    /// <param name="handle">
    /// The note of the last apply. <c>null</c> where there is none: then whatever an interrupted apply left for this
    /// <see cref="ServerKey"/> is found and taken over, or removed, before anything new is started. There are never two servers.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="Failures.DhcpHostException">It could not be done; what ran before runs on wherever that was possible.</exception>
    Task<TResult> ApplyAsync(TPlan plan, DriverHandle? handle, CancellationToken cancellationToken);

    /// <summary>Says what <see cref="ApplyAsync"/> would do, and touches nothing.</summary>
    Task<ApplyPreview> PreviewAsync(TPlan plan, DriverHandle? handle, CancellationToken cancellationToken);

    /// <summary>After a restart of the host, before any work: adopts what still runs, as it is. Idempotent; restarts nothing.</summary>
    Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken);

    /// <summary>Looks, without changing anything.</summary>
    Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken);

    /// <summary>Ends it and removes all that it left. Idempotent: what is gone already is no failure. What is not provably ours stays.</summary>
    /// <param name="handle">The note of the last apply.</param>
    /// <param name="reason">Whether the network goes for good, or just its server for now.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken);

    /// <summary>Finds all that is provably this driver's, running or left over, also what no handle speaks of.</summary>
    Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken);
}
