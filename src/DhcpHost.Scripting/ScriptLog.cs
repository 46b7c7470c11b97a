using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting;

/// <summary>What the scripts' part logs beside its events, which are lines of the log too: the whole of it, for whoever looks closer.</summary>
internal static partial class ScriptLog
{
    [LoggerMessage(6001, LogLevel.Debug, "Policy {Policy} failed: {Problem}")]
    public static partial void CallFailed(ILogger logger, Exception? exception, string policy, string problem);

    [LoggerMessage(6002, LogLevel.Debug, "Policy {Policy} is put aside: {Reason}")]
    public static partial void PutAside(ILogger logger, string policy, string reason);

    [LoggerMessage(6004, LogLevel.Debug, "Script {Script} is not put in force: {Problem}")]
    public static partial void Rejected(ILogger logger, string script, string problem);

    [LoggerMessage(6005, LogLevel.Debug, "Scripts could not be compiled; what is in force stays, and it is tried again: {Problem}")]
    public static partial void CompilerFailed(ILogger logger, Exception exception, string problem);

    [LoggerMessage(6006, LogLevel.Warning, "The cached script {File} is not used: {Problem}")]
    public static partial void CacheFileRefused(ILogger logger, string file, string problem);

    [LoggerMessage(6007, LogLevel.Warning, "The script cache cannot be written; scripts are compiled anew at the next start: {Problem}")]
    public static partial void CacheNotWritten(ILogger logger, Exception exception, string problem);

    [LoggerMessage(6009, LogLevel.Debug, "Job script {Script} failed: {Problem}")]
    public static partial void JobFailed(ILogger logger, Exception? exception, string script, string problem);

    [LoggerMessage(6010, LogLevel.Error, "The scan of scripts failed; it is tried again at the next one")]
    public static partial void ScanFailed(ILogger logger, Exception exception);

    [LoggerMessage(6011, LogLevel.Warning, "Changes in {Directory} are not told by the kernel ({Problem}); it is looked at every {Seconds} s")]
    public static partial void NotWatched(ILogger logger, string directory, string problem, double seconds);

    [LoggerMessage(6013, LogLevel.Warning, "The compiled scripts in {Directory} are not used: {Problem}")]
    public static partial void FolderRefused(ILogger logger, string directory, string problem);

    [LoggerMessage(6012, LogLevel.Information, "There is no {Directory}; once it is made, what is in it is taken up")]
    public static partial void NoDirectory(ILogger logger, string directory);
}
