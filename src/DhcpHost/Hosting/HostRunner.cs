namespace DhcpHost.Hosting;

/// <summary>Runs the daemon.</summary>
public static class HostRunner
{
    /// <summary>Runs until SIGTERM, SIGINT or the token.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(RunSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (!File.Exists(settings.ConfigPath))
        {
            await Console.Error.WriteLineAsync($"dhcphost: {settings.ConfigPath}: there is no such file");
            return ExitCodes.Config;
        }

        await Task.CompletedTask.WaitAsync(cancellationToken);
        return ExitCodes.Success;
    }
}
