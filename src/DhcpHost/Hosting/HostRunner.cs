using DhcpHost.Configuration;
using DhcpHost.Logging;

namespace DhcpHost.Hosting;

/// <summary>Runs the daemon.</summary>
public static class HostRunner
{
    /// <summary>Runs until SIGTERM, SIGINT or the token.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(RunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        using var signals = new HostSignals();
        var time = TimeProvider.System;
        var result = await new ConfigLoader(time).LoadAsync(settings.ConfigPath, cancellationToken);
        if (!result.Succeeded)
        {
            await TellAsync(result.Errors);
            return ExitCodes.Config;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            await TellAsync(["the host makes network namespaces and servers: run it as root"]);
            return ExitCodes.NoPermission;
        }

        // Disposed last: what ends before it may still log.
        using var logging = new HostLogging(result.Loaded.Config.Logging, LogEnvironment.Detect(), result.Loaded.Directory);
        try
        {
            await using var process = new HostProcess(result.Loaded, logging, signals, time);
            return await process.RunAsync(settings.StopServers, cancellationToken);
        }
        catch (HostStartException exception)
        {
            await TellAsync(exception.Messages);
            return exception.ExitCode;
        }
    }

    private static async Task TellAsync(IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
        {
            await Console.Error.WriteLineAsync($"dhcphost: {message}");
        }
    }
}
