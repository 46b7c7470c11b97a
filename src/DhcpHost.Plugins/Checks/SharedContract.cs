using System.Collections.Frozen;
using System.Reflection;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Checks;

/// <summary>The assemblies whose types the host and its plugins have in common: the contract, and the logging face that it shows.</summary>
internal static class SharedContract
{
    /// <summary>A type of each: what the loader is told.</summary>
    public static readonly Type[] Types = [typeof(IPlugin), typeof(ILogger)];

    /// <summary>The contract's assembly name.</summary>
    public static readonly AssemblyName Contract = typeof(IPlugin).Assembly.GetName();

    /// <summary>The shared assemblies by simple name, with those that they need and that are not the framework's.</summary>
    public static readonly FrozenDictionary<string, AssemblyName> Assemblies = Find();

    /// <summary>Whether a file of a plugin's folder is a copy of a shared assembly; such a copy is never loaded.</summary>
    public static bool IsShared(string fileName) =>
        fileName.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && Assemblies.ContainsKey(Path.GetFileNameWithoutExtension(fileName));

    private static FrozenDictionary<string, AssemblyName> Find()
    {
        var found = new Dictionary<string, AssemblyName>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<Assembly>(Types.Select(type => type.Assembly));
        while (open.TryDequeue(out var assembly))
        {
            if (!found.TryAdd(assembly.GetName().Name!, assembly.GetName()))
            {
                continue;
            }

            foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => !FrameworkAssemblies.Contains(reference.Name!)))
            {
                open.Enqueue(Assembly.Load(reference));
            }
        }

        return found.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
