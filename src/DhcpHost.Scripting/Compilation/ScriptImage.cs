namespace DhcpHost.Scripting.Compilation;

/// <summary>A compiled script.</summary>
/// <param name="Assembly">The assembly.</param>
/// <param name="Symbols">Its portable PDB.</param>
/// <param name="Shifts">What instrumentation changed, by file.</param>
public sealed record ScriptImage(byte[] Assembly, byte[] Symbols, IReadOnlyDictionary<string, IReadOnlyList<ColumnShift>> Shifts)
{
    /// <summary>The name of the assembly's class that is the script.</summary>
    internal const string ClassName = "Submission#0";

    /// <summary>The name of the nested class by which the host stops it.</summary>
    internal const string GuardName = "__DhcpHostGuard";
}
