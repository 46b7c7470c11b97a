using System.Reflection;

namespace DhcpHost.Plugins.Checks;

/// <summary>
/// The product's libraries that its plugins bring along and that the host has too. Where a plugin's copy is of the very build that the host runs, the plugin
/// runs the host's: code of the host is compiled ahead and for good, a copy in a context that can be unloaded anew for each plugin. A copy of another build is
/// the plugin's own, as any library.
/// </summary>
internal sealed class HostLibraries
{
    /// <summary>Only what keeps no state of its own: in one that has some, plugins would meet each other and the host.</summary>
    private static readonly string[] Names = ["DhcpHost.Linux", "DhcpHost.Neutron", "DhcpHost.Toml", "Tomlyn"];

    private readonly Dictionary<string, (AssemblyName Name, List<string> References)> _same = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Tells of one assembly of a package.</summary>
    /// <param name="name">Its simple name.</param>
    /// <param name="build">The id that the compiler gave to what it made: compiling the same again gives the same.</param>
    /// <param name="references">What it needs beyond the framework and the contract.</param>
    public void Add(string name, Guid build, List<string> references)
    {
        if (Names.Contains(name, StringComparer.OrdinalIgnoreCase) && File.Exists(Path.Combine(AppContext.BaseDirectory, $"{name}.dll"))
            && Assembly.Load(new AssemblyName(name)) is { } own && own.ManifestModule.ModuleVersionId == build)
        {
            _same.Add(name, (own.GetName(), references));
        }
    }

    /// <summary>What is the same with all that it needs in turn.</summary>
    public IReadOnlyList<AssemblyName> FindSame()
    {
        while (_same.FirstOrDefault(library => library.Value.References.Exists(needed => !_same.ContainsKey(needed))).Key is { } other)
        {
            _ = _same.Remove(other);
        }

        return [.. _same.Values.Select(library => library.Name)];
    }
}
