using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using HostOptions = DhcpHost.Configuration.HostOptions;

namespace DhcpHost.Hosting;

/// <summary>Keeps a second host away from a state directory, and makes the host's directories.</summary>
internal sealed class InstanceLock : IDisposable
{
    private const UnixFileMode PassMode = PrivateDirectory.DefaultMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode ReadMode = PassMode | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly List<FileLock> _locks = [];

    /// <summary>
    /// Makes the directories and takes the locks: of the runtime directory, and of the state directory, which is what two hosts must never
    /// share.
    /// </summary>
    /// <exception cref="HostStartException">Another instance runs, or a directory cannot be made.</exception>
    public void Acquire(HostOptions host)
    {
        MakeDirectory(host.StateDirectory, PassMode, "host.state_directory");
        MakeDirectory(host.RuntimeDirectory, ReadMode, "host.runtime_directory");
        MakeDirectory(host.CacheDirectory, PrivateDirectory.DefaultMode, "host.cache_directory");
        Take(Path.Combine(host.RuntimeDirectory, "dhcphost.pid"));
        Take(Path.Combine(host.StateDirectory, "lock"));
    }

    public void Dispose()
    {
        _locks.ForEach(held => held.Dispose());
        _locks.Clear();
    }

    private static void MakeDirectory(string path, UnixFileMode mode, string key)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { } parent)
            {
                Directory.CreateDirectory(parent);
            }

            PrivateDirectory.Ensure(path, mode);
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw new HostStartException(ExitCodes.Temporary, [$"{key}: {path} cannot be made: {exception.Message}"], exception);
        }
    }

    private void Take(string path)
    {
        try
        {
            if (FileLock.TryAcquire(path) is { } held)
            {
                _locks.Add(held);
                return;
            }
        }
        catch (LinuxException exception)
        {
            throw new HostStartException(ExitCodes.Temporary, [$"{path}: {exception.Message}"], exception);
        }

        var holder = FileLock.ReadHolder(path) is { } pid ? $"process {pid}" : "another process";
        throw new HostStartException(
            ExitCodes.Temporary,
            [$"another instance runs: {holder} holds {path}; stop it first ('systemctl stop dhcphost', or SIGTERM), or give this one "
                + $"directories of its own in [host]"]);
    }
}
