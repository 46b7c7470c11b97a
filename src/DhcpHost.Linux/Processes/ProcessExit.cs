namespace DhcpHost.Linux.Processes;

/// <summary>How a process ended. Of a process that is not our child (adopted after a restart) nobody tells: both are null then.</summary>
/// <param name="Code">Exit status, 0 to 255; null if a signal ended it or nothing is known.</param>
/// <param name="Signal">The signal that ended it; null if it exited or nothing is known.</param>
public sealed record ProcessExit(int? Code, int? Signal)
{
    /// <summary>Ended, and no more is known.</summary>
    public static ProcessExit Unknown { get; } = new(null, null);

    /// <inheritdoc />
    public override string ToString() => (Code, Signal) switch
    {
        ({ } code, _) => $"exit status {code}",
        (_, { } signal) => $"signal {signal}",
        _ => "ended, status unknown",
    };
}
