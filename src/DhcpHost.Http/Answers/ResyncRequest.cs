namespace DhcpHost.Http.Answers;

/// <summary>The optional body of <c>POST /v1/resync</c>.</summary>
/// <param name="Reason">Why; it goes into the history.</param>
public sealed record ResyncRequest(string? Reason);
