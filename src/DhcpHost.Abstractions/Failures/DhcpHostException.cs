namespace DhcpHost.Abstractions.Failures;

/// <summary>
/// A failure that says what kind it is. Drivers and sources throw it; anything else that they throw counts as
/// <see cref="FailureKind.Bug"/>.
/// </summary>
public class DhcpHostException : Exception
{
    /// <summary>A failure with its cause.</summary>
    /// <param name="kind">What kind it is.</param>
    /// <param name="message">What failed, why, and what cures it, for an operator.</param>
    /// <param name="innerException">What it was first.</param>
    public DhcpHostException(FailureKind kind, string message, Exception? innerException = null)
        : base(message, innerException) => Kind = kind;

    /// <summary>What kind it is.</summary>
    public FailureKind Kind { get; }
}
