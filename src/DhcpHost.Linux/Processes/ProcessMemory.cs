using System.Globalization;

namespace DhcpHost.Linux.Processes;

/// <summary>What a process uses (/proc/PID/smaps_rollup), in bytes.</summary>
/// <param name="Resident">All pages in memory, shared ones in full.</param>
/// <param name="Private">Pages that nobody shares: what its end would free.</param>
public sealed record ProcessMemory(long Resident, long Private)
{
    private const int BytesPerKilobyte = 1024;

    /// <summary>Reads it; null if there is no such process or it has no memory of its own.</summary>
    public static ProcessMemory? TryRead(int pid)
    {
        var text = ProcFile.TryReadText($"/proc/{pid}/smaps_rollup");
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }
        long Sum(string key) => text.Split('\n')
            .Where(line => line.StartsWith(key, StringComparison.Ordinal))
            .Sum(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)) * BytesPerKilobyte;

        return new ProcessMemory(Sum("Rss:"), Sum("Private_Clean:") + Sum("Private_Dirty:"));
    }
}
