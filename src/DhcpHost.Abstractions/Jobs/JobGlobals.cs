using Microsoft.Extensions.Logging;

namespace DhcpHost.Abstractions.Jobs;

/// <summary>What a job script sees as its own. The script's body runs once at each of its times, and may await.</summary>
/// <param name="Host">The host.</param>
/// <param name="Log">The job's log.</param>
/// <param name="Cancellation">Cancelled at the job's deadline (<c>limits.job_time</c>) and when the host stops.</param>
public sealed record JobGlobals(IJobHost Host, ILogger Log, CancellationToken Cancellation);
