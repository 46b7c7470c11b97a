namespace DhcpHost.Scheduling.Running;

/// <summary>What came of a run.</summary>
/// <param name="Failed">Whether it failed.</param>
/// <param name="Message">A sentence.</param>
internal sealed record JobOutcome(bool Failed, string Message);
