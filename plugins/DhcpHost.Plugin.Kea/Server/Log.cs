using DhcpHost.Abstractions.Drivers;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>What the driver logs; what the host tells of a server as an event is for whoever looks closer.</summary>
internal static partial class Log
{
    [LoggerMessage(4501, LogLevel.Debug, "{Server}: Kea {Action}: {Reasons}")]
    public static partial void Applied(ILogger logger, ServerKey server, ApplyAction action, string reasons);

    [LoggerMessage(4502, LogLevel.Debug, "{Server}: adopted {Program}, pid {Pid}")]
    public static partial void Adopted(ILogger logger, ServerKey server, string program, int pid);

    [LoggerMessage(4503, LogLevel.Warning, "{Server}: ending pid {Pid}, a second {Program} that an interrupted apply left")]
    public static partial void EndingSuperfluous(ILogger logger, ServerKey server, int pid, string program);

    [LoggerMessage(4504, LogLevel.Debug, "{Server}: {Program}, pid {Pid}, ended: {Reason}")]
    public static partial void Exited(ILogger logger, ServerKey server, string program, int pid, string reason);

    [LoggerMessage(4505, LogLevel.Warning, "{Server}: a lease that is no longer wanted stays until it ends: {Reason}")]
    public static partial void NotReleased(ILogger logger, ServerKey server, string reason);

    [LoggerMessage(4506, LogLevel.Information, "{Server}: {Program}, pid {Pid}, was stopped ({Reason})")]
    public static partial void Removed(ILogger logger, ServerKey server, string program, int pid, RemoveReason reason);
}
