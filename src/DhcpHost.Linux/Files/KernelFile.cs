using System.Text;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>
/// Reads and writes short files, such as those of /proc and /sys, by plain system calls, so that it may be used inside a network namespace.
/// </summary>
internal static class KernelFile
{
    private const int MaxLength = 4096;

    /// <summary>The content without its last line end.</summary>
    internal static string Read(string path)
    {
        using var fd = Libc.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open", path);
        return Encoding.UTF8.GetString(ReadAll(fd, path, stackalloc byte[MaxLength])).TrimEnd('\n');
    }

    /// <summary>Writes in one call; does nothing if the file says so already. The file is looked up once: in /proc/sys that is what takes long.</summary>
    internal static unsafe void Write(string path, string value)
    {
        using var fd = Libc.Check(Libc.open(path, Libc.O_RDWR | Libc.O_CLOEXEC, 0), "open", path);
        var bytes = Encoding.UTF8.GetBytes(value);
        if (ReadAll(fd, path, stackalloc byte[MaxLength]).TrimEnd((byte)'\n').SequenceEqual(bytes))
        {
            return;
        }
        fixed (byte* p = bytes)
        {
            // At the start: what is written behind it counts as nothing (kernel.sysctl_writes_strict).
            _ = Libc.Check((int)Libc.pwrite(fd, p, bytes.Length, 0), "write", $"'{value}' to {path}");
        }
    }

    private static unsafe ReadOnlySpan<byte> ReadAll(FileDescriptor fd, string path, Span<byte> buffer)
    {
        fixed (byte* p = buffer)
        {
            var count = 0;
            while (count < buffer.Length)
            {
                var read = Libc.Check((int)Libc.read(fd, p + count, buffer.Length - count), "read", path);
                if (read == 0)
                {
                    break;
                }
                count += read;
            }
            return buffer[..count];
        }
    }
}
