using DhcpHost.Abstractions.Drivers;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>What the driver logs; what the host tells of a server as an event is for whoever looks closer.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Debug, "{Server}: dnsmasq {Action} as pid {Pid}: {Reasons}")]
    public static partial void Applied(ILogger logger, ServerKey server, ApplyAction action, int pid, string reasons);

    [LoggerMessage(4002, LogLevel.Debug, "{Server}: adopted dnsmasq, pid {Pid}")]
    public static partial void Adopted(ILogger logger, ServerKey server, int pid);

    [LoggerMessage(4003, LogLevel.Warning, "{Server}: ending pid {Pid}, a second dnsmasq that an interrupted apply left")]
    public static partial void EndingSuperfluous(ILogger logger, ServerKey server, int pid);

    [LoggerMessage(4004, LogLevel.Debug, "{Server}: dnsmasq, pid {Pid}, ended: {Reason}")]
    public static partial void Exited(ILogger logger, ServerKey server, int pid, string reason);

    [LoggerMessage(4005, LogLevel.Warning, "{Server}: dnsmasq still holds leases that it should have released: {Addresses}")]
    public static partial void NotReleased(ILogger logger, ServerKey server, string addresses);

    [LoggerMessage(4006, LogLevel.Information, "{Server}: dnsmasq, pid {Pid}, was stopped ({Reason})")]
    public static partial void Removed(ILogger logger, ServerKey server, int pid, RemoveReason reason);

    [LoggerMessage(4007, LogLevel.Warning, "{Server}: leases could not be released: {Reason}")]
    public static partial void ReleaseFailed(ILogger logger, ServerKey server, string reason);
}
