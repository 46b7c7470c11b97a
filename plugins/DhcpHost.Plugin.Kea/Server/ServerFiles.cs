using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Plugin.Kea.Leases;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>The directories of all networks' servers, and what is in them.</summary>
internal sealed class ServerFiles(string root, string runtime)
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Root => root;

    public KeaPaths Of(ServerKey server) => KeaPaths.Of(root, runtime, server);

    /// <summary>Makes a network's directories.</summary>
    public void Prepare(ServerKey server)
    {
        _ = Directory.CreateDirectory(root, PrivateDirectory.DefaultMode);
        _ = Directory.CreateDirectory(runtime, PrivateDirectory.DefaultMode);
        if (server.SegmentId is { } segment)
        {
            _ = PrivateDirectory.Ensure(Path.Combine(root, segment.Value));
        }

        _ = PrivateDirectory.Ensure(Of(server).Directory);
        _ = PrivateDirectory.Ensure(Of(server).Runtime);
    }

    public static bool Write(string path, string text) => AtomicFile.WriteIfChanged(path, Encoding.UTF8.GetBytes(text), FileMode);

    public static AppliedState? ReadApplied(KeaPaths paths, KeaFamily family, ProcessIdentity identity) =>
        AppliedState.TryParse(TryRead(paths.Applied(family))) is { } state && state.Identity == identity ? state : null;

    public static void WriteApplied(KeaPaths paths, KeaFamily family, AppliedState state) =>
        _ = AtomicFile.WriteIfChanged(paths.Applied(family), state.ToBytes(), FileMode);

    /// <summary>A file's text; <c>null</c> for none.</summary>
    public static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

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

    /// <summary>Deletes what a server leaves that lasts no longer than it does.</summary>
    public static void DeleteRuntime(KeaPaths paths, KeaFamily family)
    {
        if (Directory.Exists(paths.Runtime))
        {
            // Its socket, the socket's lock, and the pid file, whose name ends in the program's.
            foreach (var file in Directory.EnumerateFiles(paths.Runtime).Where(file => Path.GetFileName(file).StartsWith(family.Name, StringComparison.Ordinal)))
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

    /// <summary>Every network that has files here.</summary>
    public IEnumerable<ServerKey> List() => !Directory.Exists(root)
        ? []
        : Directory.EnumerateFiles(root, "dhcp*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .SelectMany(file => KeaFamily.All.Select(family => KeaPaths.Find(root, Path.Combine(Path.GetDirectoryName(file)!, $"{family.Name}.json"))))
            .OfType<(ServerKey Key, KeaFamily Family)>()
            .Select(found => found.Key)
            .Distinct();
}
