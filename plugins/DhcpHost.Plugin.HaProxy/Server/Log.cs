using DhcpHost.Abstractions.Drivers;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>What the driver logs; what the host tells of a server as an event is for whoever looks closer.</summary>
internal static partial class Log
{
    [LoggerMessage(4701, LogLevel.Debug, "{Server}: haproxy {Action} as pid {Pid}: {Reasons}")]
    public static partial void Applied(ILogger logger, ServerKey server, ApplyAction action, int pid, string reasons);

    [LoggerMessage(4702, LogLevel.Debug, "{Server}: adopted haproxy, pid {Pid}")]
    public static partial void Adopted(ILogger logger, ServerKey server, int pid);

    [LoggerMessage(4703, LogLevel.Warning, "{Server}: ending pid {Pid}, a second haproxy that an interrupted apply left")]
    public static partial void EndingSuperfluous(ILogger logger, ServerKey server, int pid);

    [LoggerMessage(4704, LogLevel.Debug, "{Server}: haproxy, pid {Pid}, ended: {Reason}")]
    public static partial void Exited(ILogger logger, ServerKey server, int pid, string reason);

    [LoggerMessage(4705, LogLevel.Information, "{Server}: haproxy, pid {Pid}, was stopped ({Reason})")]
    public static partial void Removed(ILogger logger, ServerKey server, int pid, RemoveReason reason);
}
