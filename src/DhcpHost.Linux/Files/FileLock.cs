using System.Globalization;
using System.Text;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>
/// A lock that one process holds (flock(2)), released by the kernel when the process ends, however it ends. The file says which process
/// that is and stays when the lock is gone.
/// </summary>
public sealed class FileLock : IDisposable
{
    private const uint Mode = 0x180; // 0600

    private readonly FileDescriptor _fd;

    private FileLock(FileDescriptor fd, string path)
    {
        _fd = fd;
        Path = path;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Takes the lock; null if another holds it (then <see cref="ReadHolder"/> says who).</summary>
    public static FileLock? TryAcquire(string path)
    {
        var flags = Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        var fd = Libc.Check(Libc.open(path, flags, Mode), "open", path);
        try
        {
            if (Libc.flock(fd, Libc.LOCK_EX | Libc.LOCK_NB) != 0)
            {
                var errno = Libc.LastErrno;
                fd.Dispose();
                return errno is Errno.EAGAIN ? null : throw new LinuxException(errno, $"flock {path}");
            }
            WriteHolder(fd, path);
            return new FileLock(fd, path);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>The process that took the lock last; null if nobody did.</summary>
    /// <remarks>Not by File.ReadAllText: the runtime takes a shared lock on what it reads, which the holder's keeps out.</remarks>
    public static int? ReadHolder(string path) =>
        File.Exists(path) && int.TryParse(KernelFile.Read(path), CultureInfo.InvariantCulture, out var pid) ? pid : null;

    /// <summary>Releases the lock. The file stays: to delete it would let two others hold a lock of the same name.</summary>
    public void Dispose()
    {
        if (!_fd.IsClosed)
        {
            // Not by close alone: a child between fork and exec shares the lock for a moment.
            _ = Libc.flock(_fd, Libc.LOCK_UN);
            _fd.Dispose();
        }
    }

    private static unsafe void WriteHolder(FileDescriptor fd, string path)
    {
        var text = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        _ = Libc.Check(Libc.ftruncate(fd, 0), "ftruncate", path);
        fixed (byte* p = text)
        {
            _ = Libc.Check((int)Libc.write(fd, p, text.Length), "write", path);
        }
    }
}
