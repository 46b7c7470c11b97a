using System.Buffers;
using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>A message that the kernel sent: its type, flags and body without the header.</summary>
internal delegate void NetlinkMessageHandler(ushort type, ReadOnlySpan<byte> body);

/// <summary>
/// A NETLINK_ROUTE socket, bound to the namespace of the thread that opens it. Requests are synchronous: the kernel works inside send(2),
/// so that an answer is there when it returns.
/// </summary>
internal sealed class NetlinkSocket : IDisposable
{
    private const int ReceiveBufferLength = 32 * 1024;

    // The kernel answers inside send; this bounds only the case that it never does.
    private const long ReceiveTimeoutSeconds = 10;

    private const string What = "netlink";

    // struct sockaddr_nl of linux/netlink.h
    private const int AddressLength = 12;

    private readonly Lock _lock = new();
    private uint _sequence;

    private NetlinkSocket(FileDescriptor fd) => Fd = fd;

    internal FileDescriptor Fd { get; }

    internal static NetlinkSocket OpenForRequests()
    {
        var socket = Open(0);
        socket.SetOption(NETLINK_EXT_ACK, 1);
        socket.SetOption(NETLINK_CAP_ACK, 1);
        socket.SetOption(NETLINK_GET_STRICT_CHK, 1);
        socket.SetReceiveTimeout();
        return socket;
    }

    internal static NetlinkSocket OpenForEvents(int receiveBuffer, params ReadOnlySpan<int> groups)
    {
        var socket = Open(Libc.SOCK_NONBLOCK);
        unsafe
        {
            // FORCE needs CAP_NET_ADMIN; without it the default size stays, and overflow is reported sooner.
            _ = Libc.setsockopt(socket.Fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, (byte*)&receiveBuffer, sizeof(int));
        }
        // A socket without an address has the kernel's own port number, 0, and the kernel does not tell itself what it did.
        unsafe
        {
            var address = stackalloc byte[AddressLength];
            new Span<byte>(address, AddressLength).Clear();
            *(ushort*)address = Libc.AF_NETLINK;
            _ = Libc.Check(Libc.bind(socket.Fd, address, AddressLength), "bind", What);
        }
        foreach (var group in groups)
        {
            socket.SetOption(NETLINK_ADD_MEMBERSHIP, group);
        }
        return socket;
    }

    /// <summary>Sends requests and waits for the acknowledgement of each.</summary>
    /// <param name="messages">One or more whole messages, each with NLM_F_ACK or a dump.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="onAnswer">Called for each with its index, the error number (0: done), and the kernel's words.</param>
    /// <param name="onMessage">Called for each message that is no acknowledgement.</param>
    /// <returns>False if a dump was disturbed by a change meanwhile and must be repeated.</returns>
    internal bool Transact(Span<byte> messages, int count, Action<int, Errno, string?> onAnswer, NetlinkMessageHandler? onMessage)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReceiveBufferLength);
        try
        {
            lock (_lock)
            {
                var first = _sequence + 1;
                _sequence += (uint)count;
                Number(messages, first);
                Send(messages);
                return ReceiveAnswers(buffer, first, count, onAnswer, onMessage);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads what has come; -1 with the error number where nothing has.</summary>
    internal unsafe int TryReceive(Span<byte> buffer, out Errno errno)
    {
        fixed (byte* p = buffer)
        {
            while (true)
            {
                var count = (int)Libc.recv(Fd, p, buffer.Length, Libc.MSG_TRUNC);
                errno = count < 0 ? Libc.LastErrno : Errno.None;
                if (errno is not Errno.EINTR)
                {
                    return count;
                }
            }
        }
    }

    public void Dispose() => Fd.Dispose();

    private static NetlinkSocket Open(int flags)
    {
        var fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | flags, NETLINK_ROUTE);
        return new NetlinkSocket(Libc.Check(fd, "socket", What));
    }

    private static void Number(Span<byte> messages, uint sequence)
    {
        while (messages.Length >= HeaderLength)
        {
            MemoryMarshal.Write(messages[8..], sequence++);
            messages = messages[Align(MemoryMarshal.Read<int>(messages))..];
        }
    }

    private unsafe void Send(ReadOnlySpan<byte> messages)
    {
        fixed (byte* p = messages)
        {
            while (Libc.send(Fd, p, messages.Length, 0) < 0)
            {
                if (Libc.LastErrno is not Errno.EINTR)
                {
                    throw new LinuxException(Libc.LastErrno, $"send {What}");
                }
            }
        }
    }

    private bool ReceiveAnswers(byte[] buffer, uint first, int count, Action<int, Errno, string?> onAnswer, NetlinkMessageHandler? onMessage)
    {
        var missing = count;
        var undisturbed = true;
        while (missing > 0)
        {
            var length = TryReceive(buffer, out var errno);
            if (length < 0 || length > buffer.Length)
            {
                var reason = length >= 0 ? Errno.ENOBUFS : errno is Errno.EAGAIN ? Errno.ETIMEDOUT : errno;
                throw new LinuxException(reason, $"recv {What}");
            }
            foreach (var message in new NetlinkMessages(buffer.AsSpan(0, length)))
            {
                var index = message.Sequence - first;
                if (index >= count)
                {
                    // The late answer to a request that timed out.
                    continue;
                }
                undisturbed &= (message.Flags & NLM_F_DUMP_INTR) == 0;
                if (message.Type is NLMSG_ERROR or NLMSG_DONE)
                {
                    var (answer, text) = message.ReadAnswer();
                    onAnswer((int)index, answer, text);
                    missing--;
                }
                else
                {
                    onMessage?.Invoke(message.Type, message.Body);
                }
            }
        }
        return undisturbed;
    }

    private unsafe void SetOption(int option, int value)
    {
        if (Libc.setsockopt(Fd, SOL_NETLINK, option, (byte*)&value, sizeof(int)) != 0)
        {
            var errno = Libc.LastErrno;
            Dispose();
            throw new LinuxException(errno, $"setsockopt {What} {option}");
        }
    }

    private unsafe void SetReceiveTimeout()
    {
        var timeval = stackalloc long[2] { ReceiveTimeoutSeconds, 0 };
        _ = Libc.Check(Libc.setsockopt(Fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, (byte*)timeval, 2 * sizeof(long)), "setsockopt SO_RCVTIMEO", What);
    }
}
