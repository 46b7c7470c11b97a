using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Scripting.Sources;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting.Compilation;

/// <summary>A folder of compiled scripts.</summary>
/// <remarks>
/// A file's name is the hash of all that its code depends on: the sources, the contract, the runtime, the compiler, and this assembly,
/// which puts the guard in. A file that somebody else could have written, that is not whole, or that was written under another name, is as if
/// it were not there.
/// </remarks>
internal sealed class CompiledScriptFolder
{
    private const string Ending = ".script";
    private const int MaxFileBytes = 32 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Passable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private static readonly string Environment = DescribeEnvironment();
    private readonly string _directory;
    private readonly bool _isShared;
    private readonly ILogger _logger;

    /// <param name="directory">Where.</param>
    /// <param name="isShared">Whether it is part of the program: any user's host reads it, and it may be root's. Else the host's user's own, mode 0700.</param>
    /// <param name="logger">Told of what is not used.</param>
    public CompiledScriptFolder(string directory, bool isShared, ILogger logger)
    {
        _directory = Path.GetFullPath(directory);
        _isShared = isShared;
        _logger = logger;
    }

    /// <summary>Whether it is there and only the host's user or root can put files into it.</summary>
    public bool IsTrusted()
    {
        try
        {
            if (!Directory.Exists(_directory))
            {
                return false;
            }

            if (CodeTrust.FindFaultOfFolder(_directory) is not { } fault)
            {
                return true;
            }

            ScriptLog.FolderRefused(_logger, _directory, fault);
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException)
        {
            ScriptLog.FolderRefused(_logger, _directory, exception.Message);
        }

        return false;
    }

    /// <summary>A script that is there as it was written; <c>null</c> where it has to be compiled.</summary>
    public ScriptImage? TryRead(ScriptSource source)
    {
        var key = KeyOf(source);
        var path = PathOf(key);
        try
        {
            if (PrivateFile.TryRead(path, MaxFileBytes, out var reason, orRoots: _isShared) is not { } bytes)
            {
                if (File.Exists(path))
                {
                    ScriptLog.CacheFileRefused(_logger, path, reason);
                }

                return null;
            }

            if (ScriptImageWriter.TryRead(bytes, key) is { } image)
            {
                return image;
            }

            ScriptLog.CacheFileRefused(_logger, path, "it is damaged, or another one under this name; the script is compiled anew");
        }
        catch (LinuxException exception)
        {
            ScriptLog.CacheFileRefused(_logger, path, exception.Message);
        }

        return null;
    }

    /// <summary>Makes the folder, or corrects its mode.</summary>
    public void Ensure()
    {
        if (Path.GetDirectoryName(_directory) is { } parent)
        {
            _ = Directory.CreateDirectory(parent);
        }

        _ = PrivateDirectory.Ensure(_directory, _isShared ? Readable | Passable : PrivateDirectory.DefaultMode);
    }

    /// <summary>Writes a script; the folder is there.</summary>
    public void Write(ScriptSource source, ScriptImage image)
    {
        var key = KeyOf(source);
        var path = PathOf(key);
        // What stands there was refused: it may belong to another user, whom a corrected mode would not stop.
        File.Delete(path);
        _ = AtomicFile.WriteIfChanged(path, ScriptImageWriter.Write(image, key), _isShared ? Readable : OwnerOnly);
    }

    /// <summary>Deletes all but the newest, and what a crash in the middle of a write left.</summary>
    public void KeepNewest(int count)
    {
        foreach (var file in ListFiles().OrderByDescending(file => file.LastWriteTimeUtc).Skip(count))
        {
            file.Delete();
        }

        _ = AtomicFile.DeleteLeftovers(_directory);
    }

    /// <summary>Deletes all but those of some scripts, and what a crash in the middle of a write left.</summary>
    public void KeepOnly(IEnumerable<ScriptSource> sources)
    {
        var kept = sources.Select(source => PathOf(KeyOf(source))).ToHashSet(StringComparer.Ordinal);
        foreach (var file in ListFiles().Where(file => !kept.Contains(file.FullName)))
        {
            file.Delete();
        }

        _ = AtomicFile.DeleteLeftovers(_directory);
    }

    private FileInfo[] ListFiles() => new DirectoryInfo(_directory).GetFiles("*" + Ending);

    private string PathOf(byte[] key) => Path.Combine(_directory, Convert.ToHexStringLower(key) + Ending);

    private static byte[] KeyOf(ScriptSource source) => SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment}\n{source.Name}\n{source.Hash}"));

    private static string DescribeEnvironment()
    {
        // The compiler's version is read from this assembly's references: the compiler itself is not loaded for it.
        var compiler = typeof(CompiledScriptFolder)
            .Assembly.GetReferencedAssemblies()
            .Where(name => name.Name?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true);
        return string.Join('\n',
            [
                typeof(PoolSizeContext).Module.ModuleVersionId.ToString(),
                typeof(CompiledScriptFolder).Module.ModuleVersionId.ToString(),
                System.Environment.Version.ToString(),
                .. compiler.Select(name => name.FullName).Order(StringComparer.Ordinal),
            ]);
    }
}
