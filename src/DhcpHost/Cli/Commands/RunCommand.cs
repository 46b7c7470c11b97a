using System.CommandLine;
using DhcpHost.Cli.Help;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>run</c>: the daemon.</summary>
internal sealed class RunCommand() : CliCommand(
    "run",
    "Run the host until it is stopped by SIGTERM or Ctrl-C. Its servers run on, and are adopted by the next start.",
    ("dhcphost run", "run with the default host.toml"),
    ("dhcphost run -c ./host.toml", "run with another one"),
    ("dhcphost run --stop-servers", "end the servers together with the host"))
{
    private readonly Option<bool> _stopServers = new("--stop-servers") { Description = "End all servers when the host is stopped." };

    protected override void Configure(Command command) => command.Add(_stopServers);

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var host = scope.Environment.Run(new RunSettings { ConfigPath = scope.ConfigPath, StopServers = scope.Get(_stopServers) }, cancellationToken);
        if (scope.Environment.IsErrorTerminal && !host.IsCompleted)
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var progress = new SyncProgress(scope).RunAsync(host, done.Token);
            _ = await Task.WhenAny(host, progress);
            if (host.IsCompleted)
            {
                await done.CancelAsync();
            }

            // A bar that cannot be drawn must not end the process, and the host with it.
            await progress.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await host;
    }
}
