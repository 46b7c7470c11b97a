using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Plugin.Files.Scanning;

/// <summary>Copies of the files of one directory as they were without errors last, for a host that starts while one of them is broken.</summary>
/// <param name="stateDirectory">The plugin's state directory.</param>
/// <param name="directory">The directory that the copies are of: copies of another one do not count.</param>
/// <remarks>What changed is noted at once and written by <see cref="Save"/>, so that no change waits for the disk.</remarks>
internal sealed class LastGoodFiles(string stateDirectory, string directory)
{
    private const int NameLength = 16;

    private readonly string _root = Path.Combine(stateDirectory, "last-good");
    private readonly string _copies = Path.Combine(
        stateDirectory, "last-good", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..NameLength]);
    private readonly Lock _lock = new();
    private Dictionary<string, ReadOnlyMemory<byte>?> _unsaved = new(StringComparer.Ordinal);
    private IReadOnlySet<string>? _existing;

    /// <summary>The names of all copies.</summary>
    public IReadOnlyList<string> List()
    {
        try
        {
            return [.. Directory.EnumerateFiles(_copies).Select(path => Path.GetFileName(path)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>A copy's bytes, if there is one that can be read.</summary>
    public bool TryRead(string name, int maxBytes, [NotNullWhen(true)] out byte[]? bytes)
    {
        try
        {
            bytes = PrivateFile.TryRead(Path.Combine(_copies, name), maxBytes, out _);
        }
        catch (LinuxException)
        {
            bytes = null;
        }

        return bytes is not null;
    }

    /// <summary>Notes a content without errors.</summary>
    public void Keep(string name, ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            _unsaved[name] = bytes;
        }
    }

    /// <summary>Notes that a file is gone.</summary>
    public void Forget(string name)
    {
        lock (_lock)
        {
            _unsaved[name] = null;
        }
    }

    /// <summary>Notes which files there are: copies of others are of files that went while no host ran.</summary>
    public void KeepOnly(IReadOnlySet<string> names)
    {
        lock (_lock)
        {
            _existing = names;
        }
    }

    /// <summary>Writes what was noted.</summary>
    /// <exception cref="LinuxException">It cannot be written; what is left of it is noted still.</exception>
    public void Save()
    {
        Dictionary<string, ReadOnlyMemory<byte>?> unsaved;
        IReadOnlySet<string>? existing;
        lock (_lock)
        {
            (unsaved, _unsaved) = (_unsaved, new(StringComparer.Ordinal));
            (existing, _existing) = (_existing, null);
        }

        try
        {
            Prepare();
            foreach (var name in existing is null ? [] : List().Where(name => !existing.Contains(name) && !unsaved.ContainsKey(name)))
            {
                File.Delete(Path.Combine(_copies, name));
            }

            foreach (var (name, bytes) in unsaved)
            {
                Write(name, bytes);
                _ = unsaved.Remove(name);
            }
        }
        finally
        {
            lock (_lock)
            {
                foreach (var (name, bytes) in unsaved)
                {
                    _ = _unsaved.TryAdd(name, bytes);
                }
            }
        }
    }

    private void Prepare()
    {
        _ = PrivateDirectory.Ensure(_root);
        if (PrivateDirectory.Ensure(_copies))
        {
            foreach (var other in Directory.EnumerateDirectories(_root).Where(path => path != _copies))
            {
                Directory.Delete(other, recursive: true);
            }
        }
    }

    private void Write(string name, ReadOnlyMemory<byte>? bytes)
    {
        var path = Path.Combine(_copies, name);
        if (bytes is { } content)
        {
            _ = AtomicFile.WriteIfChanged(path, content.Span, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        else
        {
            File.Delete(path);
        }
    }
}
