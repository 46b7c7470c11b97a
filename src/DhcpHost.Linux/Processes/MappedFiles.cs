using System.Globalization;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>The files that are mapped into this process: its code, and the libraries that it uses.</summary>
public static class MappedFiles
{
    private const int MADV_DONTNEED = 4;

    /// <summary>
    /// Lets go of the pages of read-only mappings. What is used again comes back from the kernel's page cache by a minor fault; what only the start used stays
    /// out of the process's resident set.
    /// </summary>
    /// <remarks>
    /// Only mappings that cannot be written and have no page of their own (<c>Anonymous: 0</c> in proc_pid_smaps(5)): for them MADV_DONTNEED (madvise(2))
    /// loses nothing.
    /// </remarks>
    /// <returns>The resident bytes that were let go.</returns>
    /// <exception cref="IOException">The list of mappings cannot be read.</exception>
    public static long Release()
    {
        var released = 0L;
        Mapping? mapping = null;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (Mapping.TryParse(line) is { } next)
            {
                mapping = next;
            }
            else if (mapping is not null && TryParseSize(line, "Rss:") is { } resident)
            {
                mapping = mapping with { Resident = resident };
            }
            else if (mapping is { IsReadOnlyFile: true, Resident: > 0 } && TryParseSize(line, "Anonymous:") == 0)
            {
                released += Libc.madvise(mapping.Start, mapping.Length, MADV_DONTNEED) == 0 ? mapping.Resident : 0;
            }
        }

        return released;
    }

    // "Rss:                 132 kB"
    private static long? TryParseSize(string line, string key) =>
        line.StartsWith(key, StringComparison.Ordinal) && long.TryParse(line.AsSpan(key.Length).Trim().TrimEnd("kB").TrimEnd(), CultureInfo.InvariantCulture, out var kibibytes)
            ? kibibytes * 1024
            : null;

    private sealed record Mapping(nint Start, nuint Length, bool IsReadOnlyFile)
    {
        public long Resident { get; init; }

        // "7f0c5a000000-7f0c5a021000 r-xp 00001000 fe:00 1049 /usr/lib/libc.so.6"
        public static Mapping? TryParse(string line)
        {
            var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 5 || parts[0].Split('-') is not [var from, var to]
                || !nint.TryParse(from, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var start)
                || !nint.TryParse(to, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var end))
            {
                return null;
            }

            var isFile = parts[4] != "0" && parts.Length == 6 && parts[5][0] == '/' && !parts[5].StartsWith("/memfd:", StringComparison.Ordinal);
            return new(start, (nuint)(end - start), isFile && parts[1] is ("r--p" or "r-xp"));
        }
    }
}
