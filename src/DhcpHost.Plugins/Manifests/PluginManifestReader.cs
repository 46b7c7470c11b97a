using System.Collections.Immutable;
using DhcpHost.Toml;

namespace DhcpHost.Plugins.Manifests;

/// <summary>Reads <c>plugin.toml</c>, strictly.</summary>
internal static class PluginManifestReader
{
    private static readonly TomlLimits Limits = new() { MaxBytes = 64 << 10 };

    /// <param name="utf8">The file's bytes.</param>
    /// <param name="path">Its name in messages.</param>
    /// <param name="folder">The name of the folder that it is in.</param>
    /// <exception cref="PluginLoadException">With every error and its place.</exception>
    public static PluginManifest Read(ReadOnlySpan<byte> utf8, string path, string folder)
    {
        var parsed = TomlDocument.Parse(utf8, path, Limits);
        if (!parsed.Succeeded)
        {
            throw Refuse(parsed.Errors);
        }

        var bound = TomlBinder.Bind<PluginManifest>(parsed.Document.Root);
        if (!bound.Succeeded)
        {
            throw Refuse(bound.Errors);
        }

        return bound.Value.Id.Value == folder
            ? bound.Value
            : throw Refuse([parsed.Document.ErrorAt("id", $"is '{bound.Value.Id}', but the folder is '{folder}'", "make both the same")]);
    }

    private static PluginLoadException Refuse(ImmutableArray<TomlError> errors) => new(string.Join("; ", errors));
}
