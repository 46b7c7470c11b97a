using System.Net.Sockets;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace DhcpHost.Http.Listening;

/// <summary>Binds the Unix socket of the management API.</summary>
internal static class ManagementSocket
{
    // sun_path of unix(7), less its final zero byte.
    private const int MaxPathBytes = 107;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Takes the path over from a host that died, never from one that lives, and binds it with the mode from its first moment on.</summary>
    /// <exception cref="DhcpHostException">
    /// <see cref="FailureKind.Conflict"/>: another process listens there, or the path cannot be had; <see cref="FailureKind.Invalid"/>: it
    /// cannot be a socket.
    /// </exception>
    public static Socket Bind(string path, UnixFileMode mode, string group)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
        {
            throw new DhcpHostException(
                FailureKind.Invalid,
                $"management.socket: '{path}' is longer than the {MaxPathBytes} bytes that a socket's path may have: "
                + "choose a shorter one.");
        }

        PrepareDirectory(path, mode);
        RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // Linux gives the file the mode of the socket's own inode, less the umask: set before the bind, there is no moment in which others could connect.
            using (var handle = new SafeFileHandle(socket.Handle, ownsHandle: false))
            {
                File.SetUnixFileMode(handle, OwnerOnly);
            }

            socket.Bind(new UnixDomainSocketEndPoint(path));
            if (group.Length > 0 && !SocketFile.TrySetGroup(path, group))
            {
                throw new DhcpHostException(
                    FailureKind.Invalid,
                    $"management.socket_group: there is no group '{group}': make it with 'groupadd --system {group}', or name another.");
            }

            File.SetUnixFileMode(path, mode);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or LinuxException or IOException or UnauthorizedAccessException or DhcpHostException)
        {
            socket.Dispose();
            throw exception as DhcpHostException ?? Unusable(path, exception);
        }
    }

    private static void PrepareDirectory(string path, UnixFileMode mode)
    {
        var directory = Path.GetDirectoryName(path)!;
        // Made only where it is missing: who may enter it follows who may use the socket.
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var others = ((mode & UnixFileMode.GroupWrite) != 0 ? UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0)
            | ((mode & UnixFileMode.OtherWrite) != 0 ? UnixFileMode.OtherExecute : 0);
        try
        {
            if (!Directory.Exists(directory))
            {
                _ = Directory.CreateDirectory(directory, Owner | others);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, exception);
        }
    }

    private static void RemoveStale(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists && file.LinkTarget is null)
        {
            if (Directory.Exists(path))
            {
                throw NotASocket(path);
            }

            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            // connect(2) is refused by a file of another kind as well: that is the operator's, not ours to delete.
            if (!SocketFile.IsSocket(path))
            {
                throw NotASocket(path);
            }

            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw Unusable(path, exception);
        }

        throw new DhcpHostException(
            FailureKind.Conflict,
            $"{path}: another process listens on this socket: stop the host that runs, or give this one its own management.socket.");
    }

    private static DhcpHostException NotASocket(string path) =>
        new(FailureKind.Conflict, $"{path}: something that is no socket is there: remove it, or choose another management.socket.");

    private static DhcpHostException Unusable(string path, Exception cause) =>
        new(FailureKind.Conflict, $"{path}: the management socket cannot be made: {cause.Message}: make its directory one that the host may write to.", cause);
}
