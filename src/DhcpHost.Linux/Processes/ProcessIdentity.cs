using System.Text;
using System.Text.Json.Serialization;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// What tells a process from every other one, past and present, across restarts of this host: to be stored and compared later.
/// </summary>
/// <param name="Pid">Process number; reused by the kernel.</param>
/// <param name="StartTime">Start in clock ticks since boot (/proc/PID/stat, field 22).</param>
/// <param name="BootId">/proc/sys/kernel/random/boot_id.</param>
/// <param name="Marker">A word of the command line that is ours alone.</param>
public sealed record ProcessIdentity(int Pid, ulong StartTime, string BootId, string Marker)
{
    /// <summary>The identifier of this boot.</summary>
    [JsonIgnore]
    public static string CurrentBootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <summary>Reads the identity of a running process; null if there is none or its command line lacks the marker.</summary>
    public static ProcessIdentity? TryRead(int pid, string marker)
    {
        ArgumentException.ThrowIfNullOrEmpty(marker);
        return ProcessStat.TryRead(pid) is { HasEnded: false } stat
            && ProcFile.TryRead($"/proc/{pid}/cmdline") is { } commandLine && HasMarker(commandLine, marker)
            ? new ProcessIdentity(pid, stat.StartTime, CurrentBootId, marker)
            : null;
    }

    /// <summary>Every running process whose command line has the marker.</summary>
    public static IReadOnlyList<ProcessIdentity> FindByMarker(string marker)
    {
        var found = new List<ProcessIdentity>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var pid) && TryRead(pid, marker) is { } identity)
            {
                found.Add(identity);
            }
        }
        return found;
    }

    /// <summary>Whether the recorded process still runs.</summary>
    public ProcessMatch Check()
    {
        var match = TryOpen(out var pidfd);
        pidfd?.Dispose();
        return match;
    }

    /// <summary>
    /// Opens the process if it is still the same. The descriptor is opened first and the comparison made afterwards: what was compared is
    /// what the descriptor refers to, whatever happens to the number.
    /// </summary>
    internal ProcessMatch TryOpen(out FileDescriptor? pidfd)
    {
        pidfd = null;
        if (BootId != CurrentBootId)
        {
            return ProcessMatch.Gone;
        }
        var fd = Libc.pidfd_open(Pid);
        if (fd.IsInvalid)
        {
            var errno = Libc.LastErrno;
            fd.Dispose();
            // EINVAL: the number is a thread's now.
            return errno switch
            {
                Errno.ESRCH or Errno.EINVAL => ProcessMatch.Gone,
                _ => throw new LinuxException(errno, $"pidfd_open {Pid}"),
            };
        }
        var match = Compare();
        if (match is ProcessMatch.Same)
        {
            pidfd = fd;
        }
        else
        {
            fd.Dispose();
        }
        return match;
    }

    private ProcessMatch Compare()
    {
        if (ProcessStat.TryRead(Pid) is not { } stat)
        {
            return ProcessMatch.Gone;
        }
        // Another start time: the number was given anew, which the kernel does only after the recorded process has ended.
        if (stat.StartTime != StartTime || stat.HasEnded)
        {
            return ProcessMatch.Gone;
        }
        // Empty: for some microseconds after posix_spawn returns the kernel has not laid out the new program's arguments. Boot, number and
        // start time agree, so it is the same.
        return ProcFile.TryRead($"/proc/{Pid}/cmdline") is not { } commandLine ? ProcessMatch.Gone
            : commandLine.Length == 0 || HasMarker(commandLine, Marker) ? ProcessMatch.Same
            : ProcessMatch.Foreign;
    }

    /// <summary>The marker counts as a whole word only: that of network n1 is not found in the command line of n10.</summary>
    private static bool HasMarker(byte[] commandLine, string marker)
    {
        var wanted = Encoding.UTF8.GetBytes(marker);
        for (var from = 0; from <= commandLine.Length - wanted.Length;)
        {
            var at = commandLine.AsSpan(from).IndexOf(wanted);
            if (at < 0)
            {
                return false;
            }
            at += from;
            var end = at + wanted.Length;
            if ((at == 0 || !IsWordByte(commandLine[at - 1])) && (end == commandLine.Length || !IsWordByte(commandLine[end])))
            {
                return true;
            }
            from = at + 1;
        }
        return false;
    }

    private static bool IsWordByte(byte b) => char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' || b >= 0x80;
}
