using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Finds the program and asks it for its version, anew whenever its file is another.</summary>
internal sealed class BinaryProbe(DnsmasqOptions options, ProcessSpawner spawner) : IDisposable
{
    private const string VersionPrefix = "Dnsmasq version ";
    private const int MaxOutputBytes = 4096;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private (string Path, DateTime Written, long Length)? _probed;
    private DnsmasqBinary? _binary;

    /// <exception cref="DhcpHostException">It is not there, or does not say that it is a dnsmasq.</exception>
    public async Task<DnsmasqBinary> FindAsync(CancellationToken cancellationToken)
    {
        var file = FindFile();
        var stamp = (file.FullName, file.LastWriteTimeUtc, file.Length);
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_binary is null || _probed != stamp)
            {
                _binary = new(file.FullName, await ReadVersionAsync(file.FullName, cancellationToken));
                _probed = stamp;
            }

            return _binary;
        }
        finally
        {
            _ = _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Directories that the program may be in: whatever changes there may be a new version.</summary>
    public IEnumerable<string> Directories() => ProgramPath.DirectoriesOf(options.Binary);

    private FileInfo FindFile()
    {
        foreach (var directory in Directories())
        {
            var file = new FileInfo(Path.Combine(directory, options.Binary));
            if (file.Exists)
            {
                return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            }
        }

        throw new DhcpHostException(
            FailureKind.Transient,
            $"dnsmasq is not there: '{options.Binary}' was not found. Install it (on Debian: apt install dnsmasq-base), or set drivers.dnsmasq.binary.");
    }

    private async Task<string> ReadVersionAsync(string path, CancellationToken cancellationToken)
    {
        CommandResult result;
        try
        {
            result = await spawner.RunToEndAsync(null, new(path, ["--version"]), Deadline, MaxOutputBytes, cancellationToken);
        }
        catch (LinuxException e)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{path} cannot be run: {e.Message}. Check its mode, or set drivers.dnsmasq.binary.", e);
        }

        if (!result.IsSuccess || !result.Output.StartsWith(VersionPrefix, StringComparison.Ordinal))
        {
            throw new DhcpHostException(
                FailureKind.Transient, $"{path} --version does not say that it is a dnsmasq ({result.Exit}). Set drivers.dnsmasq.binary to one.");
        }

        var version = result.Output[VersionPrefix.Length..].Split([' ', '\n'], 2)[0];
        return Quirks.IsTooOld(version)
            ? throw new DhcpHostException(FailureKind.Transient, $"{path} is dnsmasq {version}, which is too old: 2.81 is the least. Update it.")
            : version;
    }
}
