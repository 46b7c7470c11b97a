namespace DhcpHost.Logging;

/// <summary>What becomes of a line where the queue before the log file is full.</summary>
public enum LogOverflow
{
    /// <summary>It is dropped, and counted: the host never waits for a slow disk.</summary>
    Drop,

    /// <summary>Whoever writes it waits: no line is lost.</summary>
    Wait,
}
