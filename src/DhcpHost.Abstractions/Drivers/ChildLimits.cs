namespace DhcpHost.Abstractions.Drivers;

/// <summary>What one child process may take (<c>setrlimit(2)</c>).</summary>
public sealed record ChildLimits
{
    /// <summary>Bytes of data memory; 0 for no limit of ours.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Open files; 0 for no limit of ours.</summary>
    public int OpenFiles { get; init; }
}
