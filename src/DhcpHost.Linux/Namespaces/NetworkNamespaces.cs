using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Namespaces;

/// <summary>Named network namespaces below /run/netns, as <c>ip netns</c> keeps them (ip-netns(8)).</summary>
public sealed class NetworkNamespaces
{
    /// <summary>Where the names are.</summary>
    public const string DefaultDirectory = "/run/netns";

    private const int MaxNameLength = 200;
    private const int MaxStackedMounts = 16;

    private readonly NetnsBroker _broker;
    private readonly string _directory;
    private readonly Lock _directoryLock = new();
    private bool _directoryReady;

    /// <summary>Namespaces are made by the broker's threads.</summary>
    /// <param name="broker">Where the threads are; stays the caller's.</param>
    /// <param name="directory">Where the names are; another one than <c>ip netns</c> uses is for tests.</param>
    public NetworkNamespaces(NetnsBroker broker, string directory = DefaultDirectory)
    {
        _broker = broker;
        _directory = directory;
    }

    /// <summary>Opens the namespace, making it if it is not there.</summary>
    /// <returns>The open namespace, and whether it was made now.</returns>
    public Task<(NetworkNamespace Namespace, bool Created)> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        CheckName(name);
        return _broker.RunSwitchingAsync(() => Ensure(name), cancellationToken);
    }

    /// <summary>Opens the namespace, making it if it is not there, and works inside it, all in one visit of a broker's thread.</summary>
    /// <param name="name">The namespace.</param>
    /// <param name="work">System calls only (see the remarks of <see cref="NetnsBroker"/>).</param>
    /// <param name="cancellationToken">Gives up waiting as long as the visit has not begun.</param>
    /// <returns>The open namespace, and what the work returned.</returns>
    public Task<(NetworkNamespace Namespace, T Result)> EnsureAsync<T>(string name, Func<T> work, CancellationToken cancellationToken)
    {
        CheckName(name);
        return _broker.RunSwitchingAsync(
            () =>
            {
                var (ns, created) = Ensure(name);
                try
                {
                    // The maker of a namespace is in it already.
                    _ = created ? 0 : Libc.Check(Libc.setns(ns.Fd, Libc.CLONE_NEWNET), "setns", name);
                    return (ns, work());
                }
                catch
                {
                    ns.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    /// <summary>Makes a new namespace.</summary>
    /// <exception cref="LinuxException">EEXIST: there is one of that name.</exception>
    public async Task<NetworkNamespace> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var (ns, created) = await EnsureAsync(name, cancellationToken);
        if (created)
        {
            return ns;
        }
        ns.Dispose();
        throw new LinuxException(Errno.EEXIST, $"create {Path(name)}");
    }

    /// <summary>Opens a namespace by name; null if there is none (a leftover file that is no namespace counts as none).</summary>
    public NetworkNamespace? TryOpen(string name)
    {
        CheckName(name);
        try
        {
            return NetworkNamespace.TryOpen(Path(name), name);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            return null;
        }
    }

    /// <summary>Opens a namespace by name.</summary>
    /// <exception cref="LinuxException">ENOENT: there is none.</exception>
    public NetworkNamespace Open(string name) => TryOpen(name) ?? throw new LinuxException(Errno.ENOENT, $"open {Path(name)}");

    /// <summary>Whether a living namespace has this name.</summary>
    public bool Exists(string name)
    {
        using var ns = TryOpen(name);
        return ns is not null;
    }

    /// <summary>The names below /run/netns, in no order, leftovers that are no namespace included: deleting them is right, too.</summary>
    public IReadOnlyList<string> List()
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(_directory).Select(p => System.IO.Path.GetFileName(p))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>
    /// Takes the name away. The namespace dies, with all its links, when the last process, socket and descriptor in it is gone;
    /// the kernel does that in the background.
    /// </summary>
    /// <returns>False if there was no such name.</returns>
    public bool Delete(string name)
    {
        CheckName(name);
        var path = Path(name);
        for (var i = 0; i < MaxStackedMounts && Libc.umount2(path, Libc.MNT_DETACH) == 0; i++)
        {
            // Two makers at once may have stacked mounts on the name: all of them go.
        }
        if (Libc.unlink(path) == 0)
        {
            return true;
        }
        return Libc.LastErrno is Errno.ENOENT ? false : throw new LinuxException(Libc.LastErrno, $"unlink {path}");
    }

    /// <summary>Sets a value below /proc/sys/net inside a namespace, if it differs.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="key">Path below /proc/sys, such as <c>net/ipv6/conf/all/accept_ra</c> (slashes: link names may hold dots).</param>
    /// <param name="value">What to write.</param>
    /// <param name="cancellationToken">Gives up waiting for a thread.</param>
    public Task WriteSysctlAsync(NetworkNamespace ns, string key, string value, CancellationToken cancellationToken)
    {
        var path = SysctlPath(key);
        return _broker.RunAsync(ns, () => KernelFile.Write(path, value), cancellationToken);
    }

    /// <summary>Sets a value in the namespace of the calling thread, if it differs: for work that a broker runs. See <see cref="WriteSysctlAsync"/>.</summary>
    public static void WriteSysctl(string key, string value) => KernelFile.Write(SysctlPath(key), value);

    /// <summary>Reads a value below /proc/sys/net inside a namespace, without its line end.</summary>
    public Task<string> ReadSysctlAsync(NetworkNamespace ns, string key, CancellationToken cancellationToken)
    {
        var path = SysctlPath(key);
        return _broker.RunAsync(ns, () => KernelFile.Read(path), cancellationToken);
    }

    private string Path(string name) => $"{_directory}/{name}";

    private static string SysctlPath(string key)
    {
        var parts = key.Split('/');
        return parts is ["net", _, ..] && !parts.Any(p => p is "" or "." or "..")
            ? $"/proc/sys/{key}"
            : throw new ArgumentException($"'{key}' is not a path such as net/ipv4/ip_forward.", nameof(key));
    }

    private void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.Length > MaxNameLength || name.Any(c => c is '/' or '\0'))
        {
            throw new ArgumentException($"'{name}' cannot be the name of a file in {_directory}.", nameof(name));
        }
    }

    private (NetworkNamespace, bool) Ensure(string name)
    {
        EnsureDirectory();
        var path = Path(name);
        using var file = Libc.open(path, Libc.O_RDONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC, 0);
        if (file.IsInvalid)
        {
            if (Libc.LastErrno is not Errno.EEXIST)
            {
                throw new LinuxException(Libc.LastErrno, $"create {path}");
            }
            if (NetworkNamespace.TryOpen(path, name) is { } existing)
            {
                return (existing, false);
            }
            // A maker died between the file and the mount: the mount below goes onto the leftover.
        }
        file.Dispose();
        try
        {
            _ = Libc.Check(Libc.unshare(Libc.CLONE_NEWNET), "unshare(CLONE_NEWNET)");
            _ = Libc.Check(Libc.mount("/proc/thread-self/ns/net", path, null, Libc.MS_BIND, 0), "mount", path);
        }
        catch
        {
            _ = Libc.unlink(path);
            throw;
        }
        return (NetworkNamespace.Open(path, name), true);
    }

    /// <summary>
    /// Makes /run/netns a shared mount, once, as <c>ip netns</c> does, so that a name deleted here is gone in every mount namespace
    /// and does not pin its network there.
    /// </summary>
    private void EnsureDirectory()
    {
        lock (_directoryLock)
        {
            if (_directoryReady && Directory.Exists(_directory))
            {
                return;
            }
            if (Libc.mkdir(_directory, 0x1ED /* 0755 */) != 0 && Libc.LastErrno is not Errno.EEXIST)
            {
                throw new LinuxException(Libc.LastErrno, $"mkdir {_directory}");
            }
            using var directory = Libc.Check(Libc.open(_directory, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), "open", _directory);
            // ip(8) takes the same lock: two at once would mount twice.
            _ = Libc.Check(Libc.flock(directory, Libc.LOCK_EX), "flock", _directory);
            if (Libc.mount("", _directory, "none", Libc.MS_SHARED | Libc.MS_REC, 0) != 0)
            {
                if (Libc.LastErrno is not Errno.EINVAL)
                {
                    throw new LinuxException(Libc.LastErrno, $"mount --make-rshared {_directory}");
                }
                _ = Libc.Check(Libc.mount(_directory, _directory, "none", Libc.MS_BIND | Libc.MS_REC, 0), "mount --rbind", _directory);
                _ = Libc.Check(Libc.mount("", _directory, "none", Libc.MS_SHARED | Libc.MS_REC, 0), "mount --make-rshared", _directory);
            }
            _directoryReady = true;
        }
    }
}
