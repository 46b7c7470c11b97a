using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting;

/// <summary>What the scripts' part logs.</summary>
internal static partial class ScriptLog
{
    [LoggerMessage(6001, LogLevel.Warning, "Policy {Policy} failed: {Problem}")]
    public static partial void CallFailed(ILogger logger, Exception? exception, string policy, string problem);

    [LoggerMessage(6002, LogLevel.Error, "Policy {Policy} is put aside: {Reason}")]
    public static partial void PutAside(ILogger logger, string policy, string reason);

    [LoggerMessage(6003, LogLevel.Information, "Script {Script} is in force: {Origin}")]
    public static partial void PutInForce(ILogger logger, string script, string origin);

    [LoggerMessage(6004, LogLevel.Warning, "Script {Script} is not put in force: {Problem}")]
    public static partial void Rejected(ILogger logger, string script, string problem);

    [LoggerMessage(6005, LogLevel.Error, "Scripts could not be compiled; what is in force stays, and it is tried again: {Problem}")]
    public static partial void CompilerFailed(ILogger logger, Exception exception, string problem);

    [LoggerMessage(6006, LogLevel.Warning, "The cached script {File} is not used: {Problem}")]
    public static partial void CacheFileRefused(ILogger logger, string file, string problem);

    [LoggerMessage(6007, LogLevel.Warning, "The script cache cannot be written; scripts are compiled anew at the next start: {Problem}")]
    public static partial void CacheNotWritten(ILogger logger, Exception exception, string problem);

    [LoggerMessage(6008, LogLevel.Information, "Script {Script} is gone; the built-in rule is in force")]
    public static partial void Removed(ILogger logger, string script);

    [LoggerMessage(6009, LogLevel.Warning, "Job script {Script} failed: {Problem}")]
    public static partial void JobFailed(ILogger logger, Exception? exception, string script, string problem);

    [LoggerMessage(6010, LogLevel.Error, "The scan of scripts failed; it is tried again at the next one")]
    public static partial void ScanFailed(ILogger logger, Exception exception);

    [LoggerMessage(6012, LogLevel.Debug, "The kernel tells of {Count} changed script files")]
    public static partial void Hinted(ILogger logger, int count);

    [LoggerMessage(6011, LogLevel.Warning, "Changes in {Directory} are not told by the kernel ({Problem}); it is looked at every {Interval}")]
    public static partial void NotWatched(ILogger logger, string directory, string problem, TimeSpan interval);
}
