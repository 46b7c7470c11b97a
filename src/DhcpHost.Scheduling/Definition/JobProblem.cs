namespace DhcpHost.Scheduling.Definition;

/// <summary>What is wrong with a table <c>[jobs.NAME]</c>.</summary>
/// <param name="Key">The key below the table; empty for the table as a whole.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record JobProblem(string Key, string Message, string? Cure = null);
