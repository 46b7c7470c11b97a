using System.Net;
using DhcpHost.Abstractions.Drivers;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>What the driver logs.</summary>
internal static partial class Log
{
    [LoggerMessage(4601, LogLevel.Debug, "{Server}: {Client} {Method} {Path}: {Status}")]
    public static partial void Answered(ILogger logger, ServerKey server, IPAddress client, string method, string path, int status);

    [LoggerMessage(4602, LogLevel.Debug, "{Server}: the metadata proxy {Action}: {Reasons}")]
    public static partial void Applied(ILogger logger, ServerKey server, ApplyAction action, string reasons);

    [LoggerMessage(4603, LogLevel.Information, "{Server}: the metadata proxy was removed ({Reason})")]
    public static partial void Removed(ILogger logger, ServerKey server, RemoveReason reason);

    [LoggerMessage(4604, LogLevel.Warning, "{Upstream} does not answer: {Reason}")]
    public static partial void UpstreamDown(ILogger logger, string upstream, string reason);

    [LoggerMessage(4606, LogLevel.Warning, "A metadata document cannot be made: {Reason}")]
    public static partial void NoDocument(ILogger logger, string reason);

    [LoggerMessage(4607, LogLevel.Information, "The certificates for Nova's metadata API were changed, and are read anew")]
    public static partial void CertificatesRenewed(ILogger logger);

    [LoggerMessage(4608, LogLevel.Warning, "The certificates for Nova's metadata API were changed, but cannot be read; the last ones are used: {Reason}")]
    public static partial void CertificatesNotRenewed(ILogger logger, string reason);

    [LoggerMessage(4605, LogLevel.Information, "{Upstream} answers again")]
    public static partial void UpstreamUp(ILogger logger, string upstream);
}
