using System.Collections.Immutable;
using System.Security.Cryptography;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Plugin.Files.Mapping;

namespace DhcpHost.Plugin.Files.Scanning;

/// <summary>The state of a directory of network files. One caller at a time.</summary>
/// <remarks>
/// A file is read whole and counts as changed only if its bytes are. A broken one keeps its last good content. One that vanishes is believed to be gone
/// after <see cref="FilesOptions.RemovalDelay"/>, a directory that vanishes never: its networks stay as they were. So it is after a restart, too: copies of
/// the last good contents lie in the state directory.
/// </remarks>
internal sealed class NetworkDirectory(string directory, FilesOptions options, string hostName, LastGoodFiles lastGood, TimeProvider timeProvider)
{
    // What stands for bytes that are not UTF-8.
    private const char NoCharacter = '\uFFFD';

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(2);

    private readonly NetworkFileReader _reader = new(options, hostName);
    private readonly SortedDictionary<string, NetworkFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private string? _directoryProblem;
    private bool _isReadable = true;
    private bool _wasRead;
    private TimeSpan? _recheck;

    /// <summary>Looks at all files. A known one that was written a moment ago is left for later: nobody said that it is complete.</summary>
    public ScanResult ScanAll()
    {
        _recheck = null;
        _directoryProblem = null;
        _isReadable = true;
        var names = ListNames();
        if (names is not null)
        {
            foreach (var name in names.Union(_files.Keys).ToList())
            {
                Look(name, mayBeUnfinished: true);
            }

            if (!_wasRead)
            {
                lastGood.KeepOnly(names.ToHashSet(StringComparer.Ordinal));
            }

            _wasRead = true;
        }
        else if (_files.Count == 0)
        {
            foreach (var name in lastGood.List().Take(options.MaxNetworks))
            {
                _files[name] = new() { Name = name, LastGood = ReadLastGood(name) };
            }
        }

        return new(Resolve(), _recheck);
    }

    /// <summary>Looks at files that are known to have changed, and at those that an earlier look left for later.</summary>
    public ScanResult Scan(IEnumerable<string> names)
    {
        _recheck = null;
        var changed = names.Where(IsNetworkFile).ToHashSet(StringComparer.Ordinal);
        foreach (var name in changed)
        {
            Look(name, mayBeUnfinished: false);
        }

        foreach (var name in _pending.Except(changed).ToList())
        {
            Look(name, mayBeUnfinished: true);
        }

        return new(Resolve(), _recheck);
    }

    private static bool IsNetworkFile(string name) =>
        name.EndsWith(NetworkFileReader.Extension, StringComparison.Ordinal) && name.Length > NetworkFileReader.Extension.Length && name[0] != '.';

    private List<string>? ListNames()
    {
        try
        {
            var names = Directory.EnumerateFileSystemEntries(directory)
                .Select(path => Path.GetFileName(path))
                .Where(IsNetworkFile)
                .Order(StringComparer.Ordinal)
                .ToList();
            if (names.Count > options.MaxNetworks)
            {
                _directoryProblem = $"{options.Directory}: holds {names.Count} files, more than {options.MaxNetworks}: "
                    + $"those after '{names[options.MaxNetworks - 1]}' are not read; raise max_networks of the files source";
                names.RemoveRange(options.MaxNetworks, names.Count - options.MaxNetworks);
            }

            return names;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _isReadable = false;
            _directoryProblem = $"{options.Directory}: cannot be read: {exception.Message} Its networks stay as they were; "
                + "make the directory, or set directory of the files source";
            return null;
        }
    }

    private void Look(string name, bool mayBeUnfinished)
    {
        var file = _files.GetValueOrDefault(name);
        _ = _pending.Remove(name);
        if (file is null && _files.Count >= options.MaxNetworks)
        {
            return;
        }

        FileContent? content;
        try
        {
            content = WholeFile.Read(Path.Combine(directory, name), _reader.MaxBytes);
        }
        catch (LinuxException exception)
        {
            if (exception.Errno is Errno.EAGAIN)
            {
                LookAgain(name, SettleTime);
            }

            NoteUnreadable(name, file, exception.Message);
            return;
        }

        if (content is null)
        {
            if (WhyThereAndMissing(name) is { } reason)
            {
                NoteUnreadable(name, file, reason);
            }
            else
            {
                NoteMissing(name, file);
            }

            return;
        }

        var hash = Convert.ToHexString(SHA256.HashData(content.Bytes.Span));
        if (hash == file?.Hash)
        {
            _files[name] = file with { MissingSince = null };
            return;
        }

        var age = timeProvider.GetUtcNow() - content.ModifiedAt;
        if (mayBeUnfinished && file is not null && age > TimeSpan.Zero && age < SettleTime)
        {
            LookAgain(name, SettleTime - age);
            return;
        }

        var (network, errors) = _reader.Read(content.Bytes.Span, PathOf(name));
        if (network is not null)
        {
            lastGood.Keep(name, content.Bytes);
        }

        _files[name] = new()
        {
            Name = name,
            Hash = hash,
            LastGood = network ?? (file is null ? ReadLastGood(name) : file.LastGood),
            Problems = [.. errors.Select(error => error.ToString())],
        };
    }

    /// <summary>What a file that cannot be used said to an earlier host.</summary>
    private LoadedNetwork? ReadLastGood(string name) =>
        lastGood.TryRead(name, _reader.MaxBytes, out var bytes) ? _reader.Read(bytes, PathOf(name)).Network : null;

    private void NoteUnreadable(string name, NetworkFile? file, string reason) =>
        _files[name] = (file ?? new() { Name = name, LastGood = ReadLastGood(name) }) with
        {
            Hash = null,
            MissingSince = null,
            Problems = [$"{PathOf(name)}:1:1: cannot be read: {reason}"],
        };

    /// <summary>Why a name that the directory holds leads to no file; <c>null</c> where it holds none.</summary>
    private string? WhyThereAndMissing(string name)
    {
        try
        {
            return new FileInfo(Path.Combine(directory, name)).LinkTarget is { } target ? $"it is a symbolic link to '{target}', which is not there"
                : name.Contains(NoCharacter, StringComparison.Ordinal)
                    && Directory.EnumerateFileSystemEntries(directory).Any(path => Path.GetFileName(path) == name)
                    ? "its name is not UTF-8; rename the file"
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void NoteMissing(string name, NetworkFile? file)
    {
        if (file is null)
        {
            return;
        }

        var since = file.MissingSince ?? timeProvider.GetTimestamp();
        var left = options.RemovalDelay - timeProvider.GetElapsedTime(since);
        if (left <= TimeSpan.Zero)
        {
            _ = _files.Remove(name);
            lastGood.Forget(name);
            return;
        }

        _files[name] = file with { MissingSince = since };
        LookAgain(name, left);
    }

    private void LookAgain(string name, TimeSpan delay)
    {
        _ = _pending.Add(name);
        _recheck = _recheck is { } sooner && sooner < delay ? sooner : delay;
    }

    private FilesSnapshot Resolve()
    {
        var networks = ImmutableDictionary.CreateBuilder<NetworkId, LoadedNetwork>();
        var owners = new Dictionary<NetworkId, string>();
        var problems = new List<string>();
        if (_directoryProblem is not null)
        {
            problems.Add(_directoryProblem);
        }

        // A file that is missing gives its id to one that is there: that is a rename.
        foreach (var file in _files.Values.OrderBy(file => file.MissingSince is not null))
        {
            problems.AddRange(file.Problems);
            if (file.LastGood is not { } loaded)
            {
                continue;
            }

            if (owners.TryAdd(loaded.Network.Id, file.Name))
            {
                networks.Add(loaded.Network.Id, loaded);
            }
            else if (file.MissingSince is null)
            {
                problems.Add(
                    $"{PathOf(file.Name)}:1:1: id: the network '{loaded.Network.Id}' is in {PathOf(owners[loaded.Network.Id])} already; "
                    + "this file is not used; give one of them another id");
            }
        }

        return new(networks.ToImmutable(), HealthOf(networks.Count, problems));
    }

    private SourceHealth HealthOf(int count, List<string> problems) => new()
    {
        IsHealthy = _isReadable,
        Message = $"{count} {(count == 1 ? "network" : "networks")} in {options.Directory}"
            + problems.Count switch { 0 => "", 1 => ", 1 problem", var many => $", {many} problems" },
        Problems = problems.ToEquatableArray(),
    };

    private string PathOf(string name) => Path.Combine(options.Directory, name);
}
