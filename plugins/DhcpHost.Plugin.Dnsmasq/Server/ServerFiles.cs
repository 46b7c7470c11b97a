using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Files;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>The directories of all servers, and what is in them.</summary>
internal sealed class ServerFiles(DnsmasqOptions options, string root, TimeProvider timeProvider)
{
    private const string AppliedName = "applied.json";
    private const string OutputName = "output";
    private const string LeasesName = "leases";
    private const string InterfaceName = "interface";

    // Its pid, what it says, and what is recorded of it.
    private const int RoomForStart = 16 * 1024;
    private static readonly string[] KnownNames = [AppliedName, OutputName, LeasesName, "pid", "host", "addn_hosts", "opts", InterfaceName];

    // Whoever may pass sees no names: a server's own directory says who may read.
    private const UnixFileMode PassMode = PrivateDirectory.DefaultMode | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Lock _lock = new();
    private ServerAccount? _account;
    private FileOwner? _owner;

    public string Root => root;

    public ServerPaths Of(ServerKey server) => ServerPaths.Of(root, server);

    /// <summary>The account that servers run as; looked up when it is first needed, for the directories must be there.</summary>
    public ServerAccount Account
    {
        get
        {
            lock (_lock)
            {
                if (_account is null)
                {
                    if (!Directory.Exists(root))
                    {
                        // One that is there is the site's: its mode is not ours to change.
                        _ = Directory.CreateDirectory(root, PassMode);
                        _ = PrivateDirectory.Ensure(root, PassMode, options.Owner.Length > 0 ? NamedOwner() : null);
                    }

                    _account = ServerAccount.Find(options, root);
                }

                return _account;
            }
        }
    }

    /// <summary>Who owns directories and files.</summary>
    private FileOwner Owner => _owner ??= options.Owner.Length == 0 ? Account.Owner : NamedOwner();

    /// <summary>Whether an account may read the files as they are written.</summary>
    public bool MayRead(uint user) =>
        user == FileOwner.Root.UserId || user == Owner.UserId
        || (((UnixFileMode)options.DirectoryMode).HasFlag(UnixFileMode.OtherExecute) && ((UnixFileMode)options.FileMode).HasFlag(UnixFileMode.OtherRead));

    public static string OutputPath(ServerPaths paths) => Path.Combine(paths.Directory, OutputName);

    /// <summary>Makes a server's directory, and that of its log.</summary>
    public void Prepare(ServerKey server)
    {
        var account = Account;
        if (server.SegmentId is { } segment)
        {
            _ = PrivateDirectory.Ensure(Path.Combine(root, segment.Value), PassMode, options.Owner.Length > 0 ? Owner : null);
        }

        _ = PrivateDirectory.Ensure(Of(server).Directory, (UnixFileMode)options.DirectoryMode, Owner);
        if (options.LogDirectory.Length > 0)
        {
            _ = Directory.CreateDirectory(options.LogDirectory);
            _ = PrivateDirectory.Ensure(Path.Combine(options.LogDirectory, server.NetworkId.Value), (UnixFileMode)options.DirectoryMode, account.Owner);
        }
    }

    /// <summary>Writes what differs.</summary>
    public void Write(ServerPaths paths, DnsmasqConfiguration configuration, string device)
    {
        _ = Write(paths.Hosts, configuration.Hosts);
        _ = Write(paths.AddnHosts, configuration.AddnHosts);
        _ = Write(paths.Opts, configuration.Opts);
        _ = Write(paths.Interface, device);
    }

    public bool Write(string path, string text) =>
        AtomicFile.WriteIfChanged(path, Encoding.UTF8.GetBytes(text), (UnixFileMode)options.FileMode, Owner);

    /// <summary>
    /// Finds out whether a server that is started now could write what it has to: a look before its predecessor is ended, after which a full or read-only
    /// file system would leave the network without any.
    /// </summary>
    public static void Rehearse(ServerPaths paths) =>
        AtomicFile.Rehearse(paths.Leases, RoomForStart + (TryRead(paths.Leases)?.Length ?? 0));

    public static AppliedState? ReadApplied(ServerPaths paths) => StateJson.ReadApplied(TryRead(Path.Combine(paths.Directory, AppliedName)));

    public void WriteApplied(ServerPaths paths, AppliedState state) =>
        _ = AtomicFile.WriteIfChanged(Path.Combine(paths.Directory, AppliedName), StateJson.Write(state), (UnixFileMode)options.FileMode, FileOwner.Root);

    /// <summary>A file's text; <c>null</c> for none. The directory is its server's, so nothing but a regular file is read.</summary>
    public static string? TryRead(string path) => ServerFile.TryReadText(path);

    /// <summary>The pid that a server wrote.</summary>
    public static int? ReadPid(ServerPaths paths) => int.TryParse(TryRead(paths.Pid)?.Trim(), out var pid) && pid > 0 ? pid : null;

    /// <summary>The leases that a server holds now; those that no client has confirmed are none.</summary>
    public IReadOnlyList<Lease> ReadLeases(ServerPaths paths)
    {
        return [.. ReadLeaseRows(paths).Select(row => row.ToLease())];
    }

    public IReadOnlyList<LeaseRow> ReadLeaseRows(ServerPaths paths)
    {
        var now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        var leasesMayBeEndless = ReadApplied(paths)?.GivesEndlessLeases ?? false;
        return [.. LeasesFile.Parse(TryRead(paths.Leases) ?? "").Rows.Where(row => !row.IsSeed(leasesMayBeEndless) && (row.Expires == 0 || row.Expires > now))];
    }

    /// <summary>Deletes a server's files; those of its leases only if <paramref name="keepsLeases"/> is false.</summary>
    public void Delete(ServerKey server, bool keepsLeases)
    {
        var directory = Of(server).Directory;
        if (!Directory.Exists(directory))
        {
            return;
        }

        if (keepsLeases)
        {
            _ = AtomicFile.DeleteLeftovers(directory);
            foreach (var name in KnownNames.Where(name => name != LeasesName))
            {
                File.Delete(Path.Combine(directory, name));
            }

            return;
        }

        Directory.Delete(directory, recursive: true);
        if (server.SegmentId is { } segment && Path.Combine(root, segment.Value) is var parent && !Directory.EnumerateFileSystemEntries(parent).Any())
        {
            Directory.Delete(parent);
        }
    }

    /// <summary>Every server that has a directory.</summary>
    public IEnumerable<ServerKey> List()
    {
        if (!Directory.Exists(root))
        {
            yield break;
        }

        foreach (var directory in Directory.EnumerateDirectories(root))
        {
            var name = Path.GetFileName(directory);
            if (IsServers(directory) && NetworkId.TryParse(name, null, out var network))
            {
                yield return new(network);
            }

            if (!SegmentId.TryParse(name, null, out var segment))
            {
                continue;
            }

            foreach (var below in Directory.EnumerateDirectories(directory))
            {
                if (IsServers(below) && NetworkId.TryParse(Path.GetFileName(below), null, out var networkBelow))
                {
                    yield return new(networkBelow, segment);
                }
            }
        }
    }

    /// <summary>The server whose pid file that is.</summary>
    public ServerKey? FindKey(string pidFile)
    {
        if (!pidFile.StartsWith(root + "/", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = pidFile[(root.Length + 1)..].Split('/');
        return parts switch
        {
            [var network, "pid"] when NetworkId.TryParse(network, null, out var id) => new(id),
            [var segment, var network, "pid"] when NetworkId.TryParse(network, null, out var id) && SegmentId.TryParse(segment, null, out var segmentId) =>
                new(id, segmentId),
            _ => null,
        };
    }

    private FileOwner NamedOwner() => FileOwner.TryFind(options.Owner)
        ?? throw new DhcpHostException(FailureKind.Invalid, $"There is no account '{options.Owner}' (drivers.dnsmasq.owner). Make it, or leave the key out.");

    /// <summary>A directory that only neutron-dhcp-agent wrote to is its own, unless it is to be taken over.</summary>
    private bool IsServers(string directory)
    {
        bool Has(string name) => File.Exists(Path.Combine(directory, name));
        return options.AdoptNeutron || Has(AppliedName) || Has(OutputName) || !Has(InterfaceName) ? KnownNames.Any(Has) : false;
    }
}
