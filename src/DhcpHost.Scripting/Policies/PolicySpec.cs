using DhcpHost.Core.Policies;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Policies;

/// <summary>What makes one policy different from another.</summary>
/// <typeparam name="TContext">What it decides upon.</typeparam>
/// <typeparam name="TResult">What it decides.</typeparam>
internal sealed record PolicySpec<TContext, TResult>
    where TContext : class
{
    /// <summary>Its scripts.</summary>
    public required ScriptKind Kind { get; init; }

    /// <summary>The rule where no script decides.</summary>
    public required Func<TContext, PolicyAnswer<TResult>> BuiltIn { get; init; }

    /// <summary>What is wrong with an answer; <c>null</c> where nothing is.</summary>
    public required Func<TContext, TResult, string?> Check { get; init; }

    /// <summary>Contexts that a new script is tried with before it is put in force.</summary>
    public required IReadOnlyList<TContext> Probes { get; init; }

    /// <summary>What a decision is about: a network's id, or empty for the whole host.</summary>
    public required Func<TContext, string> Subject { get; init; }

    /// <summary>Whether two decisions about one subject, one after the other, are the same to an operator.</summary>
    public required Func<TContext, TResult, TResult, bool> IsUnchanged { get; init; }

    /// <summary>Whether the decision is what the host would do without a script.</summary>
    public required Func<TContext, TResult, bool> IsDefault { get; init; }

    /// <summary>The context in short, for the history.</summary>
    public required Func<TContext, object> Summarize { get; init; }
}
