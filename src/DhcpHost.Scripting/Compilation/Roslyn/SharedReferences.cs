using System.Reflection;
using System.Reflection.Metadata;
using Microsoft.CodeAnalysis;

namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>
/// What scripts may name, read once a process from the assemblies' memory: works in a single file too, and a compiler that reads the
/// references anew for each script keeps 8 MB of native memory each time.
/// </summary>
internal static class SharedReferences
{
    // Some are here only so that the check can say why their types are refused, instead of "not found".
    private static readonly string[] Names =
    [
        "System.Private.CoreLib", "System.Runtime", "System.Private.Uri", "System.Collections", "System.Collections.Concurrent",
        "System.Collections.Immutable", "System.Linq", "System.Linq.Parallel", "System.Memory", "System.Net.Primitives",
        "System.Text.RegularExpressions", "System.Threading", "System.Threading.Tasks.Parallel", "System.Console",
        "System.ComponentModel.Primitives", "System.Diagnostics.Process", "System.Net.Sockets", "System.Net.Http", "System.Net.NameResolution",
        "System.Text.Json", "Microsoft.Extensions.Logging.Abstractions",
    ];

    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. Names.Select(name => Assembly.Load(new AssemblyName(name))).Append(Contract).Select(Read)];

    private static Assembly Contract => typeof(Abstractions.Policies.PoolSizeContext).Assembly;

    private static unsafe PortableExecutableReference Read(Assembly assembly) =>
        assembly.TryGetRawMetadata(out var start, out var length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)start, length))
                .GetReference(filePath: $"/in-memory/{assembly.GetName().Name}.dll")
            : throw new InvalidOperationException($"{assembly} has no metadata in memory.");
}
