using System.Text;

namespace DhcpHost.Scripting.Sources;

/// <summary>Reads scripts and the files that they load, from one folder and nowhere else.</summary>
/// <param name="directory">The scripts' folder.</param>
/// <param name="maxFileBytes"><c>limits.file_bytes</c>.</param>
public sealed class ScriptSourceReader(string directory, int maxFileBytes)
{
    private const int MaxFiles = 64;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly string _root = Path.GetFullPath(directory);

    /// <summary>Reads a script whole.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="mainFile">Its file, relative to the folder.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<ScriptReadResult> ReadAsync(string name, ScriptKind kind, string mainFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(mainFile);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var loads = new Dictionary<string, string>(StringComparer.Ordinal);
        var refused = new Dictionary<string, string>(StringComparer.Ordinal);
        var (text, reason) = await ReadFileAsync(mainFile, cancellationToken);
        if (text is null)
        {
            return new(null, new(mainFile, 1, 1, reason));
        }

        files[mainFile] = text;
        var waiting = new Queue<string>([mainFile]);
        while (waiting.TryDequeue(out var file))
        {
            foreach (var path in LoadDirectiveScanner.Find(files[file]))
            {
                await LoadAsync(file, path);
            }
        }

        return new(new() { Name = name, Kind = kind, MainFile = mainFile, Files = files, Loads = loads, RefusedLoads = refused }, null);

        async Task LoadAsync(string from, string path)
        {
            var key = ScriptSource.LoadKey(from, path);
            if (Resolve(from, path, out var why) is not { } target)
            {
                refused[key] = why;
                return;
            }

            if (!files.ContainsKey(target))
            {
                var (loaded, problem) = files.Count < MaxFiles
                    ? await ReadFileAsync(target, cancellationToken)
                    : (null, $"a script may have {MaxFiles} files in all");
                if (loaded is null)
                {
                    refused[key] = $"'{path}' is not loaded: {problem}";
                    return;
                }

                files[target] = loaded;
                waiting.Enqueue(target);
            }

            loads[key] = target;
        }
    }

    /// <summary>A path is looked for beside the file that loads it, then from the scripts' folder.</summary>
    private string? Resolve(string from, string path, out string why)
    {
        if (path.Length == 0 || Path.IsPathRooted(path) || path.Split('/', '\\').Contains("..", StringComparer.Ordinal))
        {
            why = $"'{path}' is refused: a script loads files from the scripts' folder only; write the path relative to this file or to "
                + $"that folder, without '..'";
            return null;
        }

        var beside = Path.GetRelativePath(_root, Path.GetFullPath(Path.Combine(_root, Path.GetDirectoryName(from) ?? "", path)));
        var fromRoot = Path.GetRelativePath(_root, Path.GetFullPath(Path.Combine(_root, path)));
        why = $"there is no '{beside}' and no '{fromRoot}' in {_root}";
        return new[] { beside, fromRoot }.FirstOrDefault(candidate => File.Exists(Path.Combine(_root, candidate)));
    }

    private async Task<(string? Text, string Reason)> ReadFileAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            if (FindLinkOut(file) is { } target)
            {
                return (null, $"it is a link to {target}, outside the scripts' folder; put the file itself there");
            }

            if (FindOpenFolder(file) is { } open)
            {
                return (null, $"anyone on this machine may put files into {open}, and the host would run them as its own; run chmod o-w on it");
            }

            var info = new FileInfo(Path.Combine(_root, file));
            if (info.UnixFileMode.HasFlag(UnixFileMode.OtherWrite))
            {
                return (null, "anyone on this machine may write to it, and the host would run it as its own; run chmod o-w on it");
            }

            // Devices and pipes have no length either, and are never opened.
            if (info.Length == 0)
            {
                return (null, "it is empty");
            }

            var bytes = await ReadBoundedAsync(info.FullName, cancellationToken);
            return bytes is null
                ? (null, $"it is larger than limits.file_bytes, which is {maxFileBytes}")
                : (StrictUtf8.GetString(bytes).TrimStart('\uFEFF'), "");
        }
        catch (DecoderFallbackException)
        {
            return (null, "it is not UTF-8; save it as UTF-8");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, $"it cannot be read: {exception.Message}");
        }
    }

    private async Task<byte[]?> ReadBoundedAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length > maxFileBytes)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        var count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return count == bytes.Length ? bytes : bytes[..count];
    }

    /// <summary>A folder on the way to a file that anyone may write to.</summary>
    private string? FindOpenFolder(string file)
    {
        for (var folder = Path.GetDirectoryName(Path.Combine(_root, file));
            folder is not null && folder.Length >= _root.Length;
            folder = Path.GetDirectoryName(folder))
        {
            if (File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherWrite))
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>Where a link on the way to a file leads, if that is outside the folder.</summary>
    private string? FindLinkOut(string file)
    {
        var path = _root;
        foreach (var part in file.Split('/'))
        {
            path = Path.Combine(path, part);
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (entry.LinkTarget is not null && entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName is { } target
                && !target.StartsWith(_root + "/", StringComparison.Ordinal))
            {
                return target;
            }
        }

        return null;
    }
}
