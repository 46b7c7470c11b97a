using System.Collections.Concurrent;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>Finds the programs and asks them for their version, anew whenever a file is another.</summary>
internal sealed class BinaryProbe(KeaOptions options, ProcessSpawner spawner)
{
    private const string LeaseCommands = "libdhcp_lease_cmds.so";
    private const int MaxOutputBytes = 4096;
    private static readonly string[] HooksDirectories = ["/usr/local/lib/kea/hooks", "/usr/lib/kea/hooks"];
    private static readonly Version Oldest = new(2, 2);
    private static readonly Version FirstTooNew = new(2, 7);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(string Path, DateTime Written, long Length), string> _versions = new();

    /// <exception cref="DhcpHostException">It is not there, or is no Kea that this driver knows.</exception>
    public async Task<KeaBinary> FindAsync(KeaFamily family, CancellationToken cancellationToken)
    {
        var file = FindFile(family);
        var stamp = (file.FullName, file.LastWriteTimeUtc, file.Length);
        if (!_versions.TryGetValue(stamp, out var version))
        {
            _versions[stamp] = version = await ReadVersionAsync(file.FullName, cancellationToken);
        }

        return new(file.FullName, version, FindLeaseCommands());
    }

    /// <summary>Directories that the programs may be in: whatever changes there may be a new version.</summary>
    public IEnumerable<string> Directories() => KeaFamily.All.SelectMany(Directories).Distinct();

    private IEnumerable<string> Directories(KeaFamily family) => ProgramPath.DirectoriesOf(NameOf(family));

    private string NameOf(KeaFamily family) => family == KeaFamily.V4 ? options.Dhcp4Binary : options.Dhcp6Binary;

    private string? FindLeaseCommands()
    {
        var directories = options.HooksDirectory.Length > 0
            ? (IEnumerable<string>)[options.HooksDirectory]
            : HooksDirectories
                .Concat(Directory.EnumerateDirectories("/usr/lib").Order(StringComparer.Ordinal).Select(directory => Path.Combine(directory, "kea/hooks")));
        return directories.Select(directory => Path.Combine(directory, LeaseCommands)).FirstOrDefault(File.Exists);
    }

    private FileInfo FindFile(KeaFamily family)
    {
        foreach (var directory in Directories(family))
        {
            var file = new FileInfo(Path.Combine(directory, NameOf(family)));
            if (file.Exists)
            {
                return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            }
        }

        throw new DhcpHostException(
            FailureKind.Transient,
            $"Kea is not there: '{NameOf(family)}' was not found. Install it (on Debian: apt install {family.Program}-server), or set "
                + $"drivers.kea.{family.Name}_binary.");
    }

    private async Task<string> ReadVersionAsync(string path, CancellationToken cancellationToken)
    {
        CommandResult result;
        try
        {
            result = await spawner.RunToEndAsync(null, new(path, ["-v"]), Deadline, MaxOutputBytes, cancellationToken);
        }
        catch (LinuxException e)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{path} cannot be run: {e.Message}. Check its mode.", e);
        }

        var text = result.Output.Trim();
        if (!result.IsSuccess || !Version.TryParse(text.Split('-')[0], out var version))
        {
            throw new DhcpHostException(
                FailureKind.Transient, $"{path} -v does not say the version of a Kea ({result.Exit}). Set drivers.kea's programs to it.");
        }

        return version < Oldest || version >= FirstTooNew
            ? throw new DhcpHostException(FailureKind.Transient, $"{path} is Kea {text}; this driver knows {Oldest} to 2.6. Install one of these.")
            : text;
    }
}
