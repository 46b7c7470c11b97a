namespace DhcpHost.Hosting;

/// <summary>A step of the start, and what undoes it.</summary>
/// <param name="Name">A few words for the log.</param>
/// <param name="StartAsync">Begins it.</param>
/// <param name="StopAsync">Ends it; called only if the start was called, also where it failed.</param>
internal sealed record HostStage(string Name, Func<CancellationToken, Task> StartAsync, Func<Task>? StopAsync = null);
