namespace DhcpHost.Linux.Processes;

/// <summary>Signals that a host sends to servers (signal(7)).</summary>
public enum ProcessSignal
{
    /// <summary>Read the configuration again, by custom.</summary>
    Hangup = 1,
    /// <summary>Cannot be caught: ends the process.</summary>
    Kill = 9,
    /// <summary>Of the program's own meaning; dnsmasq writes statistics to its log.</summary>
    User1 = 10,
    /// <summary>Of the program's own meaning.</summary>
    User2 = 12,
    /// <summary>Asks the process to end.</summary>
    Terminate = 15,
    /// <summary>Goes on after a stop.</summary>
    Continue = 18,
    /// <summary>Cannot be caught: stops the process.</summary>
    Stop = 19,
}
