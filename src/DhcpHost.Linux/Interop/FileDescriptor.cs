using Microsoft.Win32.SafeHandles;

namespace DhcpHost.Linux.Interop;

/// <summary>An open file descriptor that is closed once, when its last user is done.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>For the marshaller.</summary>
    public FileDescriptor()
        : base(ownsHandle: true)
    {
    }

    internal FileDescriptor(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

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
