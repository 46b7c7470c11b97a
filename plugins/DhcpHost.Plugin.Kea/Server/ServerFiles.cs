using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Leases;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>The directories of all networks' servers, and what is in them.</summary>
internal sealed class ServerFiles(string root, KeaOptions options)
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Directories above those of networks: other accounts come through, but see nothing.
    private const UnixFileMode PassMode = PrivateDirectory.DefaultMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Root => root;

    public KeaPaths Of(ServerKey server) => KeaPaths.Of(root, options.RuntimeDirectory, server);

    /// <summary>The account of servers that are started now.</summary>
    /// <exception cref="Abstractions.Failures.DhcpHostException">The account that the options name cannot be used.</exception>
    public ServerAccount FindAccount()
    {
        var wanted = ServerAccount.FindWanted(options);
        Pass(root, wanted.Owner);
        Pass(options.RuntimeDirectory, wanted.Owner);
        return wanted.Check(options, root, options.RuntimeDirectory);
    }

    /// <summary>The same for people to read: where no network was served yet, nothing is made.</summary>
    public ServerAccount DescribeAccount() => Directory.Exists(root)
        ? FindAccount()
        : ServerAccount.FindWanted(options).Check(options, root, options.RuntimeDirectory);

    /// <summary>Makes a network's directories, which belong to the account that its servers run as.</summary>
    public void Prepare(ServerKey server, FileOwner owner)
    {
        Pass(root, owner);
        Pass(options.RuntimeDirectory, owner);
        if (server.SegmentId is { } segment)
        {
            Pass(Path.Combine(root, segment.Value), owner);
        }

        _ = PrivateDirectory.Ensure(Of(server).Directory, owner: owner);
        _ = PrivateDirectory.Ensure(Of(server).Runtime, owner: owner);
    }

    /// <summary>Writes a file if it differs. It belongs to whom its directory belongs to.</summary>
    public static bool Write(string path, string text) =>
        AtomicFile.WriteIfChanged(path, Encoding.UTF8.GetBytes(text), FileMode, FileOwner.Of(Path.GetDirectoryName(path)!));

    public static AppliedState? ReadApplied(KeaPaths paths, KeaFamily family, ProcessIdentity identity) =>
        AppliedState.TryParse(TryRead(paths.Applied(family))) is { } state && state.Identity == identity ? state : null;

    public static void WriteApplied(KeaPaths paths, KeaFamily family, AppliedState state) =>
        _ = AtomicFile.WriteIfChanged(paths.Applied(family), state.ToBytes(), FileMode, FileOwner.Root);

    /// <summary>A file's text; <c>null</c> for none. The directory is its servers', so nothing but a regular file is read.</summary>
    public static string? TryRead(string path) => ServerFile.TryReadText(path);

    /// <summary>The leases that a server's files speak of, also those that have ended.</summary>
    public static IReadOnlyList<KeaLease> ReadLeases(KeaPaths paths, KeaFamily family) =>
        LeaseTable.Parse(LeaseTable.Files(paths.Leases(family)).Select(TryRead).OfType<string>());

    /// <summary>Writes the leases that a server starts with, in place of all that are there.</summary>
    public static void WriteLeases(KeaPaths paths, KeaFamily family, IEnumerable<KeaLease> leases)
    {
        var path = paths.Leases(family);
        _ = Write(path, LeaseTable.Write(family, leases));
        foreach (var other in LeaseTable.AllFiles(path).Where(other => other != path))
        {
            File.Delete(other);
        }
    }

    /// <summary>Deletes the logs that a server of an account could not go on with, since they are another's.</summary>
    public static void DeleteOthersLogs(KeaPaths paths, KeaFamily family, FileOwner owner)
    {
        if (owner.UserId == FileOwner.Root.UserId)
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(
            paths.Directory, $"{Path.GetFileName(paths.Log(family))}*").Where(file => FileOwner.Of(file)?.UserId != owner.UserId))
        {
            File.Delete(file);
        }
    }

    /// <summary>Deletes what a server leaves that lasts no longer than it does.</summary>
    public static void DeleteRuntime(KeaPaths paths, KeaFamily family)
    {
        if (Directory.Exists(paths.Runtime))
        {
            // Its socket, the socket's lock, and the pid file, whose name ends in the program's.
            foreach (var file in Directory.EnumerateFiles(paths.Runtime).Where(
                file => Path.GetFileName(file).StartsWith(family.Name, StringComparison.Ordinal)))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Deletes a network's files; those of its leases only if <paramref name="keepsLeases"/> is false.</summary>
    public void Delete(ServerKey server, bool keepsLeases)
    {
        var paths = Of(server);
        if (Directory.Exists(paths.Runtime))
        {
            Directory.Delete(paths.Runtime, recursive: true);
        }

        if (!Directory.Exists(paths.Directory))
        {
            return;
        }

        if (keepsLeases)
        {
            var kept = KeaFamily.All.SelectMany(family => LeaseTable.AllFiles(paths.Leases(family))).ToHashSet(StringComparer.Ordinal);
            foreach (var file in Directory.EnumerateFiles(paths.Directory).Where(file => !kept.Contains(file)))
            {
                File.Delete(file);
            }

            return;
        }

        Directory.Delete(paths.Directory, recursive: true);
        if (server.SegmentId is { } segment && Path.Combine(root, segment.Value) is var parent && !Directory.EnumerateFileSystemEntries(parent).Any())
        {
            Directory.Delete(parent);
        }
    }

    /// <summary>Makes a directory that leads to networks'; one that root alone could enter is opened for another account.</summary>
    private static void Pass(string directory, FileOwner owner)
    {
        var mode = owner.UserId == FileOwner.Root.UserId ? PrivateDirectory.DefaultMode : PassMode;
        _ = Directory.CreateDirectory(directory, mode);
        if (mode == PassMode && File.GetUnixFileMode(directory) == PrivateDirectory.DefaultMode && FileOwner.Of(directory)?.UserId != owner.UserId)
        {
            _ = PrivateDirectory.Ensure(directory, PassMode);
        }
    }

    /// <summary>Every network that has files here.</summary>
    public IEnumerable<ServerKey> List() => !Directory.Exists(root)
        ? []
        : Directory.EnumerateFiles(root, "dhcp*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .SelectMany(file => KeaFamily.All.Select(family => KeaPaths.Find(root, Path.Combine(Path.GetDirectoryName(file)!, $"{family.Name}.json"))))
            .OfType<(ServerKey Key, KeaFamily Family)>()
            .Select(found => found.Key)
            .Distinct();
}
