using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Tests;

/// <summary>Compiles, and counts the scripts.</summary>
internal sealed class CountingCompiler : IScriptCompiler
{
    private readonly InProcessCompiler _compiler = new();

    public int Count { get; private set; }

    public Task<IReadOnlyList<CompiledScript>> CompileAsync(IReadOnlyList<ScriptSource> sources, CancellationToken cancellationToken)
    {
        Count += sources.Count;
        return _compiler.CompileAsync(sources, cancellationToken);
    }
}
