using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Policies;

/// <summary>A policy, whatever its types.</summary>
internal interface IScriptedPolicy
{
    /// <summary>Its scripts.</summary>
    ScriptKind Kind { get; }

    /// <summary>Calls so far.</summary>
    long Calls { get; }

    /// <summary>Failed calls so far.</summary>
    long Failures { get; }

    /// <summary>Why the newest script in force is not asked any more.</summary>
    string? AsideReason { get; }

    /// <summary>What the last failed call of the content in force said.</summary>
    string? LastFailure { get; }

    /// <summary>Loads and tries a script and, if it is good, puts it in force; otherwise says what is wrong and changes nothing.</summary>
    Task<ScriptProblem?> ReplaceAsync(
        ScriptSource source, ScriptImage image, bool isPutInForce, TimeProvider timeProvider, CancellationToken cancellationToken);

    /// <summary>Notes why the file's newest content is not in force.</summary>
    void Reject(string problem);

    /// <summary>Puts the built-in rule in force.</summary>
    void Remove();
}
