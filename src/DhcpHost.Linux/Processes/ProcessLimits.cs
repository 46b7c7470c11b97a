using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Linux.Processes;

/// <summary>What a child may use at most (getrlimit(2)); null leaves what the host has.</summary>
/// <param name="MemoryBytes">
/// RLIMIT_DATA: heap and private writable mappings. An allocation beyond fails in the child (ENOMEM). Not RLIMIT_AS, which would count
/// the mapped libraries and stacks that cost nothing.
/// </param>
/// <param name="OpenFiles">RLIMIT_NOFILE: file descriptors.</param>
/// <param name="CoreBytes">RLIMIT_CORE: size of a core file; 0 for none.</param>
public sealed record ProcessLimits(long? MemoryBytes = null, int? OpenFiles = null, long? CoreBytes = null)
{
    /// <summary>Those of a server: what the host grants it, and no core file.</summary>
    public static ProcessLimits Of(ChildLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new(limits.MemoryBytes > 0 ? limits.MemoryBytes : null, limits.OpenFiles > 0 ? limits.OpenFiles : null, CoreBytes: 0);
    }
}
