using System.Reflection;
using DhcpHost.Plugins.Manifests;

namespace DhcpHost.Plugins.Packages;

/// <summary>A private copy of a plugin's folder, whole and unchanging: what is checked is what is loaded.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Source">The folder that it was copied from.</param>
/// <param name="Directory">The copy.</param>
/// <param name="ContentHash">A hash over all names and contents.</param>
/// <param name="AssemblySha256">The hash of the plugin's assembly.</param>
internal sealed record PluginPackage(PluginManifest Manifest, string Source, string Directory, string ContentHash, string AssemblySha256)
{
    /// <summary>Libraries of it that are of the build that the host runs, which are not loaded again.</summary>
    public IReadOnlyList<AssemblyName> HostLibraries { get; init; } = [];

    public string AssemblyPath => Path.Combine(Directory, Manifest.Assembly);

    /// <summary>Deletes the copy. Code of it that runs already runs on: the kernel keeps what is mapped.</summary>
    public void Delete()
    {
        try
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left over is emptied with the whole cache when the host starts again.
        }
    }
}
