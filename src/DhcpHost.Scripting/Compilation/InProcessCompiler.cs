using System.Runtime.CompilerServices;
using DhcpHost.Scripting.Compilation.Roslyn;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Compilation;

/// <summary>Compiles in this process: at once when warm, but the first use costs a second and about 50 MB for good.</summary>
public sealed class InProcessCompiler : IScriptCompiler
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<CompiledScript>> CompileAsync(IReadOnlyList<ScriptSource> sources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return Task.Factory.StartNew<IReadOnlyList<CompiledScript>>(
            () => [.. sources.Select(source => Compile(source, cancellationToken))],
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    // Not inlined: the compiler's assemblies are loaded when this method is compiled, which is when it is first called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static CompiledScript Compile(ScriptSource source, CancellationToken cancellationToken) =>
        RoslynScriptCompiler.Compile(source, cancellationToken);
}
