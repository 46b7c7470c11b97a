using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

/// <summary>An open file descriptor that is closed once, when its last user is done.</summary>
public sealed class FileDescriptor : SafeHandle
{
    /// <summary>For the marshaller.</summary>
    public FileDescriptor()
        : base(-1, ownsHandle: true)
    {
    }

    internal FileDescriptor(int fd)
        : base(-1, ownsHandle: true) => SetHandle(fd);

    /// <summary>
    /// Only 32 bits count: the marshaller reads a function's int result as a pointer, whose upper half says nothing, so that -1 may
    /// come as 0xFFFFFFFF.
    /// </summary>
    public override bool IsInvalid => (int)handle < 0;

    /// <summary>The number, for messages and for lookups only: it is reused as soon as this is closed.</summary>
    internal int Number => (int)handle;

    /// <summary>Gives the number away: whoever receives it closes it.</summary>
    internal int Detach()
    {
        var fd = (int)handle;
        SetHandleAsInvalid();
        return fd;
    }

    /// <inheritdoc />
    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
