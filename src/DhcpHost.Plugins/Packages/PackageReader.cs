using System.Security.Cryptography;
using System.Text;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Plugins.Checks;
using DhcpHost.Plugins.Manifests;

namespace DhcpHost.Plugins.Packages;

/// <summary>Copies a plugin's folder into the host's cache, and checks what can be checked without loading it.</summary>
/// <remarks>
/// Several hosts may share a cache directory (a running one and a <c>check</c>): each has a folder of its own in it, with a
/// lock that ends with its process.
/// </remarks>
internal sealed class PackageReader(PluginsOptions options, string cacheDirectory) : IDisposable
{
    private const string LockSuffix = ".lock";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private FileLock? _lock;
    private int _copies;

    private string OwnDirectory => (_lock ?? throw new InvalidOperationException("The cache is not open.")).Path[..^LockSuffix.Length];

    /// <summary>Makes a folder that only this host's user may enter, and removes those of hosts that are gone.</summary>
    public void Open()
    {
        _ = Directory.CreateDirectory(cacheDirectory, Private);
        foreach (var path in Directory.EnumerateFiles(cacheDirectory, $"*{LockSuffix}"))
        {
            using var left = FileLock.TryAcquire(path);
            if (left is not null)
            {
                Remove(path[..^LockSuffix.Length]);
                File.Delete(path);
            }
        }

        // Another host that is just starting may take the lock for a left one; names are never used twice.
        while (_lock is null)
        {
            _lock = FileLock.TryAcquire(Path.Combine(cacheDirectory, Guid.NewGuid().ToString("N") + LockSuffix));
        }

        _ = Directory.CreateDirectory(OwnDirectory, Private);
    }

    /// <summary>Removes all copies.</summary>
    public void Dispose()
    {
        if (_lock is not { } held)
        {
            return;
        }

        Remove(OwnDirectory);
        File.Delete(held.Path);
        held.Dispose();
        _lock = null;
    }

    /// <exception cref="PluginLoadException">The folder is refused; nothing is left of the copy.</exception>
    public PluginPackage Read(string folder)
    {
        var name = Path.GetFileName(folder);
        var copy = Path.Combine(OwnDirectory, $"{name}.{Interlocked.Increment(ref _copies)}");
        try
        {
            return Copy(folder, name, copy);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LinuxException)
        {
            Remove(copy);
            throw new PluginLoadException($"{folder} cannot be read: {exception.Message}", isPassing: true);
        }
        catch (PluginLoadException)
        {
            Remove(copy);
            throw;
        }
    }

    private PluginPackage Copy(string folder, string name, string copy)
    {
        var root = FolderListing.Resolve(folder);
        FolderTrust.CheckFolder(root);
        var listing = FolderListing.Of(root);
        _ = Directory.CreateDirectory(copy, Private);
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in listing.Files)
        {
            FolderTrust.CheckFile(file.FullName);
            var relative = Path.GetRelativePath(root, file.FullName);
            hashes.Add(relative, CopyFile(file.FullName, IsLeftOut(relative) ? null : Path.Combine(copy, relative)));
        }

        if (FolderListing.Of(FolderListing.Resolve(folder)).Signature != listing.Signature)
        {
            throw new PluginLoadException($"{folder} is being changed", isPassing: true);
        }

        var manifestPath = Path.Combine(copy, PluginManifest.FileName);
        if (!File.Exists(manifestPath))
        {
            throw new PluginLoadException($"{folder} has no {PluginManifest.FileName}; see docs/plugins.md for what belongs into it");
        }

        var manifest = PluginManifestReader.Read(File.ReadAllBytes(manifestPath), Path.Combine(folder, PluginManifest.FileName), name);
        if (!hashes.TryGetValue(manifest.Assembly, out var assemblyHash))
        {
            throw new PluginLoadException($"{folder} has no {manifest.Assembly}, which its {PluginManifest.FileName} names as the assembly");
        }

        var package = new PluginPackage(manifest, folder, copy, Hash(hashes), assemblyHash);
        PackageTrust.Check(package, hashes.Keys, options);
        return package with { HostLibraries = AssemblyGate.Check(package) };
    }

    /// <summary>
    /// What is never loaded: the shared assemblies, which are the host's, and settings that send the loader to look for libraries
    /// elsewhere.
    /// </summary>
    private static bool IsLeftOut(string relative) => SharedContract.IsShared(Path.GetFileName(relative))
            || relative.EndsWith(".runtimeconfig.json", StringComparison.OrdinalIgnoreCase)
            || relative.EndsWith(".runtimeconfig.dev.json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Copies and hashes in one reading, so that both are of the same bytes.</summary>
    private static string CopyFile(string source, string? target)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        if (target is not null)
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(target)!, Private);
        }

        using var to = target is null ? null : new FileStream(
            target, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        var buffer = new byte[81920];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            to?.Write(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Hash(SortedDictionary<string, string> hashes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in hashes)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{path}\0{content}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Remove(string copy)
    {
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }
    }
}
