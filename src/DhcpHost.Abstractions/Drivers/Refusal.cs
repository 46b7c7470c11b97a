namespace DhcpHost.Abstractions.Drivers;

/// <summary>A part of the wish that was left out because it cannot be served, while the rest is.</summary>
/// <param name="Subject">What was left out: <c>port 1b2c… option bootfile-name</c>.</param>
/// <param name="Reason">Why, and what cures it.</param>
public sealed record Refusal(string Subject, string Reason);
