using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>
/// Notices that nobody reads any more what this process writes into a pipe or a socket: without a look at it, who has nothing to write would not find out.
/// </summary>
public sealed class ReaderWatch : IDisposable
{
    /// <summary>The descriptor of standard output.</summary>
    public const int StandardOutput = 1;

    private readonly EpollLoop _loop = new("dhcphost-reader");
    private readonly FileDescriptor _fd;
    private readonly Action _gone;
    private readonly ulong _token;
    private int _isTold;

    private ReaderWatch(FileDescriptor fd, Action gone)
    {
        (_fd, _gone) = (fd, gone);
        try
        {
            _token = _loop.Add(fd, events: 0, OnGone);
        }
        catch
        {
            _loop.Dispose();
            throw;
        }
    }

    /// <summary>Watches.</summary>
    /// <param name="descriptor">What is written to; stays the caller's.</param>
    /// <param name="gone">Called once, on a thread of the watch's own, when the last reader is gone; it has to be short. At once where there is none.</param>
    /// <returns>Null for what always takes what is written: a file, or a descriptor that is not open.</returns>
    public static ReaderWatch? TryWatch(int descriptor, Action gone)
    {
        var original = new FileDescriptor(descriptor);
        var copy = new FileDescriptor(Libc.fcntl(original, Libc.F_DUPFD_CLOEXEC, 0));
        _ = original.Detach();
        if (copy.IsInvalid)
        {
            return null;
        }

        try
        {
            return new(copy, gone);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.EPERM)
        {
            copy.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.Dispose();
        _fd.Dispose();
    }

    private void OnGone()
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            // It would be told for ever.
            _loop.Remove(_fd, _token);
            _gone();
        }
    }
}
