namespace DhcpHost.Linux.Datagrams;

/// <summary>How far the writes of a <see cref="IDatagramCommit"/> have come.</summary>
/// <param name="Durable">All writes up to this survive the loss of power.</param>
/// <param name="HasFailed">The last one failed: the replies that wait are dropped.</param>
public readonly record struct DatagramCommitProgress(long Durable, bool HasFailed);
