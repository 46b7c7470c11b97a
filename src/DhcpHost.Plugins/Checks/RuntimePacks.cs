using System.Text.Json;

namespace DhcpHost.Plugins.Checks;

/// <summary>Which files of a self-contained program are the framework's: they lie beside its own, and its <c>.deps.json</c> tells them apart.</summary>
internal static class RuntimePacks
{
    /// <param name="deps">A <c>.deps.json</c>: targets, each with libraries, of which those named <c>runtimepack.*</c> are frameworks.</param>
    /// <returns>File names, with their extension.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <seealso href="https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md"/>
    public static IEnumerable<string> FindAssemblies(ReadOnlyMemory<byte> deps)
    {
        using var document = JsonDocument.Parse(deps);
        var files = new List<string>();
        foreach (var target in document.RootElement.GetProperty("targets").EnumerateObject())
        {
            foreach (var library in target.Value.EnumerateObject())
            {
                if (library.Name.StartsWith("runtimepack.", StringComparison.Ordinal) && library.Value.TryGetProperty("runtime", out var assemblies))
                {
                    files.AddRange(assemblies.EnumerateObject().Select(file => file.Name));
                }
            }
        }

        return files;
    }
}
