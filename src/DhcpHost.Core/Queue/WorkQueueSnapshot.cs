namespace DhcpHost.Core.Queue;

/// <summary>A queue in numbers, at one moment.</summary>
/// <param name="Depth">Keys that are ready for a worker.</param>
/// <param name="Waiting">Keys whose time has not come.</param>
/// <param name="Processing">Keys that workers have.</param>
/// <param name="LongestRunning">How long the longest of those has been worked on; zero where there is none.</param>
public readonly record struct WorkQueueSnapshot(int Depth, int Waiting, int Processing, TimeSpan LongestRunning);
