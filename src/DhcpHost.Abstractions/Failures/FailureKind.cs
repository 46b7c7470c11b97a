namespace DhcpHost.Abstractions.Failures;

/// <summary>What kind of failure it is, which decides what happens next.</summary>
public enum FailureKind
{
    /// <summary>May pass by itself: retried with backoff, then quarantined.</summary>
    Transient,

    /// <summary>Something that is not ours stands in the way, or the world changed under the work: retried with backoff.</summary>
    Conflict,

    /// <summary>The thing is no more: never retried, the host forgets it.</summary>
    Gone,

    /// <summary>Only the source can cure it (no address is left): waits for the source's next change, is not retried in a loop.</summary>
    Exhausted,

    /// <summary>The wish itself is wrong: waits for its next change.</summary>
    Invalid,

    /// <summary>A hard limit refused it: waits until there is room or the wish changes.</summary>
    Limit,

    /// <summary>Nobody expected it: retried like a transient one, logged with its whole trace, counted apart.</summary>
    Bug,
}
