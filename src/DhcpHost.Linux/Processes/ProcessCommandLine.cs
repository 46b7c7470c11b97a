namespace DhcpHost.Linux.Processes;

/// <summary>What a process was started with (/proc/PID/cmdline).</summary>
public static class ProcessCommandLine
{
    /// <summary>Its words, the program's own name first; null if there is no such process (any more).</summary>
    public static string[]? TryRead(int pid) => ProcFile.TryReadText($"/proc/{pid}/cmdline")?.TrimEnd('\0').Split('\0');
}
