using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Core.Limits;

/// <summary>The table <c>[limits]</c>: what nothing may exceed, whatever a script, a source or a client asks for.</summary>
public sealed class LimitsOptions : IValidatableObject
{
    /// <summary>The least workers that reconcile.</summary>
    /// <value>Default 1.</value>
    [Range(1, 1024)]
    public int WorkersMin { get; set; } = 1;

    /// <summary>The most workers that reconcile.</summary>
    /// <value>Default 16.</value>
    [Range(1, 1024)]
    public int WorkersMax { get; set; } = 16;

    /// <summary>Networks that are served.</summary>
    /// <value>Default 4096.</value>
    [Range(1, 1_000_000)]
    public int Networks { get; set; } = 4096;

    /// <summary>Subnets of one network.</summary>
    /// <value>Default 256.</value>
    [Range(1, 100_000)]
    public int SubnetsPerNetwork { get; set; } = 256;

    /// <summary>Ports of one network.</summary>
    /// <value>Default 65536.</value>
    [Range(1, 10_000_000)]
    public int PortsPerNetwork { get; set; } = 65536;

    /// <summary>Servers that run at once: DHCP servers and metadata proxies together.</summary>
    /// <value>Default 8192.</value>
    [Range(1, 1_000_000)]
    public int Servers { get; set; } = 8192;

    /// <summary>Bytes of data memory of one child; 0 for none.</summary>
    /// <value>Default 256 MiB.</value>
    [Range(0, long.MaxValue)]
    public long ChildMemoryBytes { get; set; } = 256L << 20;

    /// <summary>Open files of one child; 0 for none.</summary>
    /// <value>Default 1024.</value>
    [Range(0, 1 << 20)]
    public int ChildOpenFiles { get; set; } = 1024;

    /// <summary>Full resyncs a minute, whoever asks for them.</summary>
    /// <value>Default 6.</value>
    [Range(1, 6000)]
    public int ResyncsPerMinute { get; set; } = 6;

    /// <summary>The least wait before a retry.</summary>
    /// <value>Default 1 s.</value>
    public TimeSpan RetryDelayMin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait before a retry.</summary>
    /// <value>Default 5 min.</value>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Failures in a row before a network is quarantined.</summary>
    /// <value>Default 10.</value>
    [Range(1, 1000)]
    public int RetryAttempts { get; set; } = 10;

    /// <summary>The time of one reconcile.</summary>
    /// <value>Default 2 min.</value>
    public TimeSpan ReconcileTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The time of one policy call.</summary>
    /// <value>Default 100 ms.</value>
    public TimeSpan PolicyTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The time of one run of a job.</summary>
    /// <value>Default 10 min.</value>
    public TimeSpan JobTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The time that a plugin has to start.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan PluginStartTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Events that the history keeps.</summary>
    /// <value>Default 100000.</value>
    [Range(100, 10_000_000)]
    public int EventHistory { get; set; } = 100_000;

    /// <summary>How long the history keeps an event.</summary>
    /// <value>Default 30 days.</value>
    public TimeSpan EventHistoryTime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Bytes of a request to the management API.</summary>
    /// <value>Default 1 MiB.</value>
    [Range(1024, 1 << 30)]
    public int RequestBytes { get; set; } = 1 << 20;

    /// <summary>Bytes of one file of the operator: <c>host.toml</c>, a network file, a script.</summary>
    /// <value>Default 4 MiB.</value>
    [Range(1024, 1 << 30)]
    public int FileBytes { get; set; } = 4 << 20;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WorkersMin > WorkersMax)
        {
            yield return new($"must not be above workers_max, which is {WorkersMax}", [nameof(WorkersMin)]);
        }

        if (RetryDelayMin > RetryDelayMax)
        {
            yield return new($"must not be above retry_delay_max, which is {RetryDelayMax}", [nameof(RetryDelayMin)]);
        }

        foreach (var (value, name) in new[]
        {
            (RetryDelayMin, nameof(RetryDelayMin)), (RetryDelayMax, nameof(RetryDelayMax)), (ReconcileTime, nameof(ReconcileTime)),
            (PolicyTime, nameof(PolicyTime)),
            (JobTime, nameof(JobTime)), (PluginStartTime, nameof(PluginStartTime)), (EventHistoryTime, nameof(EventHistoryTime)),
        })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return new("must be above zero", [name]);
            }
        }
    }
}
