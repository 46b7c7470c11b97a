using DhcpHost.Abstractions.Failures;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Compilation;

/// <summary>Compiles scripts.</summary>
public interface IScriptCompiler
{
    /// <summary>Compiles some at once; one answer for each, in order. A script with errors is an answer, not an exception.</summary>
    /// <exception cref="DhcpHostException"><see cref="FailureKind.Transient"/>: the compiler itself failed.</exception>
    Task<IReadOnlyList<CompiledScript>> CompileAsync(IReadOnlyList<ScriptSource> sources, CancellationToken cancellationToken);
}
