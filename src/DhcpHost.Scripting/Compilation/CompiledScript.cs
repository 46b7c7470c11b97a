using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Compilation;

/// <summary>What came of compiling a script.</summary>
/// <param name="Image">The code; <c>null</c> where it does not compile.</param>
/// <param name="Problems">Why it does not.</param>
public sealed record CompiledScript(ScriptImage? Image, IReadOnlyList<ScriptProblem> Problems);
