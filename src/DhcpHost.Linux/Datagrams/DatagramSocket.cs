using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Datagrams;

/// <summary>A socket on one link of a namespace, for a <see cref="DatagramLoop"/>. It stays in its namespace whoever uses it.</summary>
public sealed class DatagramSocket : IDisposable
{
    internal DatagramSocket(FileDescriptor fd, DatagramKind kind, int linkIndex)
    {
        Fd = fd;
        Kind = kind;
        LinkIndex = linkIndex;
    }

    /// <summary>What it carries.</summary>
    public DatagramKind Kind { get; }

    /// <summary>The link's index inside the namespace.</summary>
    public int LinkIndex { get; }

    internal FileDescriptor Fd { get; }

    internal ulong Token { get; set; }

    internal IDatagramHandler? Handler { get; set; }

    /// <summary>The index that a link of this name has in the socket's namespace now; null where there is none.</summary>
    public int? FindLinkIndex(string link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return InterfaceRequest.FindIndex(Fd, link);
    }

    /// <summary>Whether the link that it was made on is still there.</summary>
    public bool HasLink => InterfaceRequest.HasIndex(Fd, LinkIndex);

    /// <summary>Closes it. A loop that has it does that itself (<see cref="DatagramLoop.Close"/>).</summary>
    public void Dispose()
    {
        if (Kind is DatagramKind.Udp4 or DatagramKind.Udp6 && !Fd.IsClosed)
        {
            LeaveLink();
        }

        Fd.Dispose();
    }

    /// <summary>
    /// Makes the link's port free. Closing alone does not while the process starts a program: until that executes, it has a copy of every descriptor.
    /// </summary>
    private unsafe void LeaveLink()
    {
        fixed (byte* loopback = "lo\0"u8)
        {
            // Where it fails, closing has to do.
            _ = Libc.setsockopt(Fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, loopback, 3);
        }
    }
}
