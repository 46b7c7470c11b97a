namespace DhcpHost.Abstractions.Drivers;

/// <summary>How a server ended.</summary>
/// <param name="Code">Its exit code; <c>null</c> where a signal ended it, and for an adopted server, whose code nobody can know.</param>
/// <param name="Signal">The signal that ended it.</param>
/// <param name="Reason">Words for people, with the end of its log where there is one.</param>
public sealed record ServerExit(int? Code, int? Signal, string Reason);
