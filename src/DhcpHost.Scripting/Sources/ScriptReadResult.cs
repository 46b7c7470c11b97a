namespace DhcpHost.Scripting.Sources;

/// <summary>What came of reading a script.</summary>
/// <param name="Source">The script; <c>null</c> where it cannot be read.</param>
/// <param name="Problem">Why not.</param>
public sealed record ScriptReadResult(ScriptSource? Source, ScriptProblem? Problem);
