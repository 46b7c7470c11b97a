namespace DhcpHost.Core.Queue;

/// <summary>A key that was handed to a worker: it is not handed to another one until <see cref="WorkQueue{TKey}.Done"/>.</summary>
/// <typeparam name="TKey">What is worked on.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Priority">The priority that it had when it was handed out.</param>
public readonly record struct WorkItem<TKey>(TKey Key, int Priority);
