namespace DhcpHost.Abstractions.Policies;

/// <summary>Whether a network is served.</summary>
/// <param name="IsAdmitted">It is.</param>
/// <param name="Reason">Why not; shown to operators.</param>
public sealed record AdmitDecision(bool IsAdmitted, string? Reason)
{
    /// <summary>It is served.</summary>
    public static AdmitDecision Admit { get; } = new(true, null);

    /// <summary>It is not.</summary>
    public static AdmitDecision Refuse(string reason) => new(false, reason);
}
