using System.Buffers;
using System.Text;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>Files of /proc/PID, which vanish with their process.</summary>
internal static class ProcFile
{
    private const int ChunkLength = 4096;
    private const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The content; null if there is no such process (any more).</summary>
    internal static unsafe byte[]? TryRead(string path)
    {
        using var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd.IsInvalid)
        {
            return Libc.LastErrno is Errno.ENOENT or Errno.ESRCH ? null : throw new LinuxException(Libc.LastErrno, $"open {path}");
        }
        var content = new ArrayBufferWriter<byte>(ChunkLength);
        while (content.WrittenCount < MaxLength)
        {
            fixed (byte* p = content.GetSpan(ChunkLength))
            {
                var count = (int)Libc.read(fd, p, ChunkLength);
                if (count < 0)
                {
                    return Libc.LastErrno is Errno.ESRCH ? null : throw new LinuxException(Libc.LastErrno, $"read {path}");
                }
                if (count == 0)
                {
                    break;
                }
                content.Advance(count);
            }
        }
        return content.WrittenSpan.ToArray();
    }

    internal static string? TryReadText(string path) => TryRead(path) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
