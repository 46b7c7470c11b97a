using System.Collections.Immutable;
using System.Globalization;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>Assemblies and libraries that are mapped into this process: of an assembly the file as a whole, and its sections where they are code.</summary>
public sealed class MappedFiles
{
    private const int MADV_DONTNEED = 4;

    private readonly ImmutableArray<string> _directories;
    private HashSet<Mapping> _seen;

    /// <summary>Looks at what is mapped.</summary>
    /// <param name="directories">
    /// Where the files are, at any depth, as the kernel calls them. None of these files may be unloaded while this lets go of pages: something else could
    /// be in its place.
    /// </param>
    /// <exception cref="IOException">The list of mappings cannot be read.</exception>
    public MappedFiles(params ImmutableArray<string> directories)
    {
        _directories = [.. directories.Select(directory => directory.EndsWith('/') ? directory : directory + '/')];
        _seen = [.. File.ReadLines("/proc/self/maps").Select(Mapping.TryParse).OfType<Mapping>().Where(IsWanted)];
    }

    /// <summary>
    /// Lets go of the pages of what was mapped at the last look and is now, and looks again. What is used again comes back from the kernel's page cache by a
    /// minor fault; what only the start used stays out of the process's resident set.
    /// </summary>
    /// <remarks>
    /// Only mappings that cannot be written and have no page of their own (<c>Anonymous: 0</c> in proc_pid_smaps(5)): for them MADV_DONTNEED (madvise(2))
    /// loses nothing. A library that is being loaded is read-only for a moment before it gets its own pages: so only what was there a good while before.
    /// </remarks>
    /// <returns>The resident bytes that were let go.</returns>
    /// <exception cref="IOException">The list of mappings cannot be read.</exception>
    public long Release()
    {
        var released = 0L;
        var now = new HashSet<Mapping>();
        Mapping? mapping = null;
        var resident = 0L;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (Mapping.TryParse(line) is { } next)
            {
                (mapping, resident) = (_seen.Contains(next) ? next : null, 0);
                _ = IsWanted(next) && now.Add(next);
            }
            else if (mapping is not null && TryParseSize(line, "Rss:") is { } bytes)
            {
                resident = bytes;
            }
            else if (mapping is not null && resident > 0 && TryParseSize(line, "Anonymous:") == 0)
            {
                released += Libc.madvise(mapping.Start, mapping.Length, MADV_DONTNEED) == 0 ? resident : 0;
            }
        }

        _seen = now;
        return released;
    }

    private bool IsWanted(Mapping mapping) =>
        mapping.IsReadOnly && _directories.Any(directory => mapping.File.StartsWith(directory, StringComparison.Ordinal));

    // "Rss:                 132 kB"
    private static long? TryParseSize(string line, string key) =>
        line.StartsWith(key, StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(key.Length).Trim().TrimEnd("kB").TrimEnd(), CultureInfo.InvariantCulture, out var kibibytes)
            ? kibibytes * 1024
            : null;

    private sealed record Mapping(nint Start, nuint Length, string File, bool IsReadOnly)
    {
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

            var file = parts.Length == 6 ? parts[5].Trim() : "";
            var isCode = file.EndsWith(".dll", StringComparison.Ordinal)
                || file.EndsWith(".so", StringComparison.Ordinal)
                || file.Contains(".so.", StringComparison.Ordinal);
            return new(start, (nuint)(end - start), file, isCode && parts[1] is ("r--p" or "r-xp" or "r--s"));
        }
    }
}
