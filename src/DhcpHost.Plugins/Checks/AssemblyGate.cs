using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugins.Packages;

namespace DhcpHost.Plugins.Checks;

/// <summary>
/// Reads a package's assemblies without loading them: are they .NET, for this machine, built against a contract that this host has, and
/// complete?
/// </summary>
internal static class AssemblyGate
{
    /// <returns>The libraries of the package that are the host's own ones, of the same build: see <see cref="HostLibraries"/>.</returns>
    /// <exception cref="PluginLoadException">They are not.</exception>
    public static IReadOnlyList<AssemblyName> Check(PluginPackage package)
    {
        if (!package.Manifest.Contract.Includes(PluginContract.Version))
        {
            throw new PluginLoadException(
                $"it wants contract {package.Manifest.Contract}, but this host has {PluginContract.Version}; "
                    + $"{Cure(package.Manifest.Contract.Least > PluginContract.Version)}");
        }

        var present = Directory.EnumerateFiles(package.Directory, "*.dll", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<string>([package.AssemblyPath]);
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { Path.GetFileNameWithoutExtension(package.AssemblyPath) };
        var libraries = new HostLibraries();
        while (open.TryDequeue(out var path))
        {
            var (build, references) = ReadReferences(path, isPlugin: path == package.AssemblyPath);
            libraries.Add(Path.GetFileNameWithoutExtension(path), build, references);
            foreach (var reference in references)
            {
                if (seen.Add(reference))
                {
                    open.Enqueue(Require(package.Directory, path, reference, present));
                }
            }
        }

        return libraries.FindSame();
    }

    /// <summary>The id of an assembly's build, and what it needs and the host does not give.</summary>
    private static (Guid Build, List<string> References) ReadReferences(string path, bool isPlugin)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var file = File.OpenRead(path);
            using var image = new PEReader(file);
            if (!image.HasMetadata)
            {
                throw new PluginLoadException($"{name} is not a .NET assembly");
            }

            CheckMachine(image, name);
            var metadata = image.GetMetadataReader();
            var references = new List<string>();
            var usesContract = false;
            foreach (var handle in metadata.AssemblyReferences)
            {
                var reference = metadata.GetAssemblyReference(handle);
                var simpleName = metadata.GetString(reference.Name);
                if (SharedContract.Assemblies.TryGetValue(simpleName, out var shared))
                {
                    usesContract |= shared.Name == SharedContract.Contract.Name;
                    CheckVersion(name, simpleName, reference.Version, shared.Version!);
                }
                else if (!FrameworkAssemblies.Contains(simpleName))
                {
                    references.Add(simpleName);
                }
            }

            if (isPlugin && !usesContract)
            {
                throw new PluginLoadException($"{name} does not use {SharedContract.Contract.Name}, so it holds no plugin");
            }

            ContractMembers.Check(metadata, name);
            return (metadata.GetGuid(metadata.GetModuleDefinition().Mvid), references);
        }
        catch (Exception exception) when (exception is BadImageFormatException or InvalidOperationException or OverflowException or ArgumentException)
        {
            throw new PluginLoadException($"{name} is not a .NET assembly, or is damaged: {exception.Message}; copy it again");
        }
    }

    private static void CheckMachine(PEReader image, string name)
    {
        var flags = image.PEHeaders.CorHeader?.Flags ?? 0;
        var machine = image.PEHeaders.CoffHeader.Machine;
        var isAnyCpu = machine == Machine.I386 && flags.HasFlag(CorFlags.ILOnly) && !flags.HasFlag(CorFlags.Requires32Bit);
        var own = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => Machine.Amd64,
            Architecture.Arm64 => Machine.Arm64,
            Architecture.RiscV64 => Machine.RiscV64,
            _ => Machine.Unknown,
        };

        // The OS is folded into the machine of code that was compiled ahead of time (PE spec of ReadyToRun): Linux is 0x7B79.
        if (!isAnyCpu && machine != own && (ushort)machine != ((ushort)own ^ 0x7B79))
        {
            throw new PluginLoadException($"{name} is built for {machine}, but this host is {RuntimeInformation.ProcessArchitecture}; build it for AnyCPU");
        }
    }

    private static void CheckVersion(string name, string reference, Version wanted, Version own)
    {
        var isContract = reference == SharedContract.Contract.Name;
        if (isContract ? wanted.Major != own.Major || wanted > own : wanted > own)
        {
            throw new PluginLoadException($"{name} is built against {reference} {wanted}, but this host has {own}; {Cure(wanted > own)}");
        }
    }

    private static string Require(string folder, string user, string reference, HashSet<string> present)
    {
        if (present.Contains(reference))
        {
            return Directory.EnumerateFiles(folder, $"{reference}.dll", SearchOption.AllDirectories).First();
        }

        throw new PluginLoadException(
            $"{Path.GetFileName(user)} needs {reference}.dll, which is not in the plugin's folder; build with `dotnet publish` and copy all of it");
    }

    private static string Cure(bool isNewer) =>
        isNewer ? "upgrade the host, or install an older version of the plugin" : "install a newer version of the plugin";
}
