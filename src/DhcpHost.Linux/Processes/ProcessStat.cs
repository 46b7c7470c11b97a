using System.Globalization;

namespace DhcpHost.Linux.Processes;

/// <summary>What /proc/PID/stat says (proc_pid_stat(5)).</summary>
/// <param name="State">R, S, D, Z, T, X …</param>
/// <param name="StartTime">In clock ticks since boot (field 22).</param>
internal readonly record struct ProcessStat(char State, ulong StartTime)
{
    // Fields are counted from 1; the first after the name, which may hold blanks and parentheses, is the state, field 3.
    private const int StateField = 3;
    private const int StartTimeField = 22;

    /// <summary>The process has ended; its number is only kept for its parent.</summary>
    internal bool HasEnded => State is 'Z' or 'X';

    internal static ProcessStat? TryRead(int pid)
    {
        var text = ProcFile.TryReadText($"/proc/{pid}/stat");
        if (text is null || text.LastIndexOf(')') is var end && end < 0)
        {
            return null;
        }
        var fields = text[(end + 2)..].Split(' ');
        return new ProcessStat(fields[0][0], ulong.Parse(fields[StartTimeField - StateField], CultureInfo.InvariantCulture));
    }
}
