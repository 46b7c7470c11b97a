using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Core.Engine;

/// <summary>The table <c>[engine]</c>: how the engine goes about its work.</summary>
public sealed class EngineOptions
{
    /// <summary>
    /// How long reconciles that are under way may go on when the host stops; what takes longer is given up, and found again at the next
    /// start.
    /// </summary>
    /// <value>Default 10 s.</value>
    public TimeSpan StopTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the end of all servers may take with <c>run --stop-servers</c>, from the signal on; what is left then is named in the log. A third of it, and
    /// no more than <c>limits.reconcile_time</c>, is for a single network. With twice <c>stop_time</c> it should fit into systemd's <c>TimeoutStopSec</c>.
    /// </summary>
    /// <value>Default 30 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StopServersTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A server that ran so long starts with a clean record: its next death is its first.</summary>
    /// <value>Default 10 min.</value>
    public TimeSpan ServerStableTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long something that belongs to no network is watched before it is swept away.</summary>
    /// <value>Default 1 min.</value>
    public TimeSpan OrphanGraceTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Networks that are recovered, audited or asked for their leases at once.</summary>
    /// <value>Default 32.</value>
    [Range(1, 1024)]
    public int Parallelism { get; set; } = 32;

    /// <summary>The first wait before a source that failed is read again; it doubles up to a minute.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan SourceRetryTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often sources are told how the host is.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan StatusReportTime { get; set; } = TimeSpan.FromSeconds(30);
}
