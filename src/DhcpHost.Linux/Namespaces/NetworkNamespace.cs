using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Namespaces;

/// <summary>
/// An open network namespace (namespaces(7)). As long as this is open the kernel keeps the namespace, even when its name is deleted.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private NetworkNamespace(FileDescriptor fd, string name, NetworkNamespaceId id)
    {
        Fd = fd;
        Name = name;
        Id = id;
    }

    /// <summary>Its name below /run/netns, or the path that it was opened by.</summary>
    public string Name { get; }

    /// <summary>What tells it from every other living namespace, and from an earlier one of the same name.</summary>
    public NetworkNamespaceId Id { get; }

    internal FileDescriptor Fd { get; }

    /// <summary>The namespace of a process.</summary>
    /// <exception cref="LinuxException">No such process, or no permission.</exception>
    public static NetworkNamespace OpenProcess(int pid) => Open($"/proc/{pid}/ns/net", $"/proc/{pid}/ns/net");

    /// <summary>The namespace of the calling thread.</summary>
    internal static NetworkNamespace OpenCurrent() => Open("/proc/thread-self/ns/net", "/proc/thread-self/ns/net");

    /// <summary>Opens a namespace file, or fails with EINVAL where the file is there but is no network namespace.</summary>
    internal static NetworkNamespace Open(string path, string name) =>
        TryOpen(path, name) ?? throw new LinuxException(Errno.EINVAL, $"open {path}", "not a network namespace");

    /// <summary>Null where the file is there but is no network namespace: a leftover of a creation that did not end.</summary>
    internal static NetworkNamespace? TryOpen(string path, string name)
    {
        var fd = Libc.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0), "open", path);
        try
        {
            if (Libc.ioctl(fd, Libc.NS_GET_NSTYPE, 0) != Libc.CLONE_NEWNET)
            {
                fd.Dispose();
                return null;
            }
            var status = FileStatus.Of(fd, path);
            return new NetworkNamespace(fd, name, new NetworkNamespaceId(status.DeviceMinor, status.Inode));
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose() => Fd.Dispose();

    /// <inheritdoc />
    public override string ToString() => $"{Name} ({Id})";
}
