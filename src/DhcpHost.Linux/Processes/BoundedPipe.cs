using System.Text;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// A pipe that keeps the first bytes written to it and drops the rest, so that the writer neither stalls nor fills the memory. Its end is
/// the command's end, not the end of the stream: a grandchild that keeps the pipe open holds up nobody.
/// </summary>
internal sealed class BoundedPipe : IDisposable
{
    private const int ChunkLength = 4096;
    private const int F_SETFL = 4;

    private readonly EpollLoop _loop;
    private readonly FileDescriptor _readEnd;
    private readonly int _limit;
    private readonly MemoryStream _kept = new();
    private readonly Lock _lock = new();
    private readonly ulong _token;
    private bool _ended;

    internal unsafe BoundedPipe(EpollLoop loop, int limit)
    {
        var fds = stackalloc int[2];
        _ = Libc.Check(Libc.pipe2(fds, Libc.O_CLOEXEC), "pipe2");
        _readEnd = new FileDescriptor(fds[0]);
        WriteEnd = new FileDescriptor(fds[1]);
        _loop = loop;
        _limit = limit;
        try
        {
            // Only our end: the command expects a blocking one.
            _ = Libc.Check(Libc.fcntl(_readEnd, F_SETFL, Libc.O_NONBLOCK), "fcntl pipe");
            _token = loop.Add(_readEnd, Read);
        }
        catch
        {
            _readEnd.Dispose();
            WriteEnd.Dispose();
            throw;
        }
    }

    internal FileDescriptor WriteEnd { get; }

    /// <summary>Takes what is still in the pipe and closes it.</summary>
    internal string Finish()
    {
        Read();
        Dispose();
        return Encoding.UTF8.GetString(_kept.GetBuffer(), 0, (int)_kept.Length);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            _loop.Remove(_readEnd, _token);
            _readEnd.Dispose();
            WriteEnd.Dispose();
        }
    }

    private unsafe void Read()
    {
        var buffer = stackalloc byte[ChunkLength];
        lock (_lock)
        {
            while (!_ended)
            {
                var count = (int)Libc.read(_readEnd, buffer, ChunkLength);
                if (count > 0)
                {
                    var room = Math.Min(count, _limit - (int)_kept.Length);
                    _kept.Write(new ReadOnlySpan<byte>(buffer, room));
                    continue;
                }
                if (count == 0)
                {
                    _ended = true;
                    _loop.Remove(_readEnd, _token);
                }
                return;
            }
        }
    }
}
