using DhcpHost.Plugins.Packages;

namespace DhcpHost.Plugins.Checks;

/// <summary>Whether the operator lets a package in: the allow-list, pinned hashes, native libraries.</summary>
internal static class PackageTrust
{
    private static ReadOnlySpan<byte> ElfMagic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    public static void Check(PluginPackage package, IEnumerable<string> files, PluginsOptions options)
    {
        var id = package.Manifest.Id;
        if (options.Allow is { } allow && !allow.Contains(id))
        {
            throw new PluginLoadException($"'{id}' is not in [plugins] allow; add it there if it is trusted");
        }

        CheckHash(package, package.Manifest.Sha256, Path.Combine(package.Source, "plugin.toml"));
        CheckHash(package, options.Sha256.GetValueOrDefault(id), $"[plugins.sha256] {id}");
        var names = files.ToList();
        if (names.Find(name => Path.GetFileName(name).Equals($"{SharedContract.Contract.Name}.dll", StringComparison.OrdinalIgnoreCase)) is { } copy)
        {
            throw new PluginLoadException(
                $"{package.Source} ships its own {copy}, whose types are not the host's; delete it, "
                + "and in the project reference the contract with Private=\"false\" ExcludeAssets=\"runtime\"");
        }

        if (!options.AllowNative.Contains(id)
            && names.Find(name => name != package.Manifest.Assembly && IsNative(Path.Combine(package.Directory, name))) is { } native)
        {
            throw new PluginLoadException($"{package.Source} ships the native library {native}; add '{id}' to [plugins] allow_native if it is trusted");
        }
    }

    private static void CheckHash(PluginPackage package, string? wanted, string where)
    {
        if (wanted is not null && !wanted.Equals(package.AssemblySha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new PluginLoadException(
                $"{package.Manifest.Assembly} has the SHA-256 {package.AssemblySha256}, but {where} says {wanted.ToLowerInvariant()}; "
                + "install the right file, or change the hash if this one is meant");
        }
    }

    private static bool IsNative(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        Span<byte> start = stackalloc byte[4];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(ElfMagic);
    }
}
