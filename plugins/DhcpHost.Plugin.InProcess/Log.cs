using DhcpHost.Abstractions.Drivers;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.InProcess;

/// <summary>What the driver logs; 41xx and 42xx are DHCPv6's and the advertisements'.</summary>
internal static partial class Log
{
    [LoggerMessage(4301, LogLevel.Warning, "{Path} was damaged: {Bytes} bytes made no sense; all else was read")]
    public static partial void Damaged(ILogger logger, string path, long bytes);

    [LoggerMessage(4302, LogLevel.Error, "Leases cannot be written, so none are given: {Reason}")]
    public static partial void CommitFailed(ILogger logger, string reason);

    [LoggerMessage(4303, LogLevel.Information, "Leases are written again")]
    public static partial void CommitsAgain(ILogger logger);

    [LoggerMessage(4304, LogLevel.Warning, "The clock was set by {Seconds} s; leases go on for as long as their clients were told")]
    public static partial void ClockStepped(ILogger logger, long seconds);

    [LoggerMessage(4305, LogLevel.Debug, "{Server}: {Action}: {Reasons}")]
    public static partial void Applied(ILogger logger, ServerKey server, ApplyAction action, string reasons);

    [LoggerMessage(4306, LogLevel.Debug, "{Server}: resumed as it was before the host's restart")]
    public static partial void Resumed(ILogger logger, ServerKey server);

    [LoggerMessage(4307, LogLevel.Information, "{Server}: stopped ({Reason})")]
    public static partial void Removed(ILogger logger, ServerKey server, RemoveReason reason);

    [LoggerMessage(4308, LogLevel.Debug, "{Server}: ended: {Reason}")]
    public static partial void Failed(ILogger logger, ServerKey server, string reason);

    [LoggerMessage(4309, LogLevel.Error, "{Server}: a datagram of {Bytes} bytes was not handled")]
    public static partial void Faulted(ILogger logger, Exception exception, ServerKey server, int bytes);

    [LoggerMessage(4310, LogLevel.Warning, "What is served could not be written down for the next start of the host: {Reason}")]
    public static partial void PlanNotKept(ILogger logger, string reason);

    [LoggerMessage(4311, LogLevel.Error, "What was to be done at a time was not done")]
    public static partial void TimerFaulted(ILogger logger, Exception exception);
}
