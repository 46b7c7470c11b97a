using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Terminal;
using Spectre.Console;

namespace DhcpHost.Cli.Commands;

/// <summary><c>status --watch</c>: a table that changes on a terminal; a line for each change in a pipe.</summary>
internal sealed class StatusWatch(CommandScope scope, NetworkId? network)
{
    private const string Path = "/v1/networks?watch=true";

    public Task<int> RunAsync(CancellationToken cancellationToken) =>
        scope.FollowAsync(scope.Console.IsTerminal && !scope.IsJson ? DrawAsync : WriteAsync, cancellationToken);

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in scope.Client.FollowAsync(Path, cancellationToken))
        {
            var status = ManagementClient.Read<NetworkStatus>(line);
            if (network is { } id && status.Id != id)
            {
                continue;
            }

            if (scope.IsJson)
            {
                scope.Console.Json(line);
                continue;
            }

            scope.Console.Line($"{Span.Absolute(status.Since)}  {status.Id}  ", Words.Phase(status.Phase), $"  {status.Message ?? "-"}");
            await scope.Console.Output.FlushAsync(cancellationToken);
        }
    }

    private Task DrawAsync(CancellationToken cancellationToken)
    {
        var networks = new SortedDictionary<NetworkId, NetworkStatus>();
        return scope.Console.Ansi.Live(Render(networks)).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
        {
            await foreach (var line in scope.Client.FollowAsync(Path, cancellationToken))
            {
                var status = ManagementClient.Read<NetworkStatus>(line);
                if (network is { } id && status.Id != id)
                {
                    continue;
                }

                if (status.Phase == NetworkPhase.Removed)
                {
                    _ = networks.Remove(status.Id);
                }
                else
                {
                    networks[status.Id] = status;
                }

                live.UpdateTarget(Render(networks));
            }
        });
    }

    private Table Render(SortedDictionary<NetworkId, NetworkStatus> networks)
    {
        // What needs a person first; the table may be higher than the terminal.
        var table = NetworkView.TableOf(scope.Console, networks.Values.OrderBy(status => status.Phase is NetworkPhase.Ready or NetworkPhase.Disabled))
            .ToSpectre(scope.Console.IsColoured, scope.Console.Ansi.Profile.Width);
        var phases = networks.Values.CountBy(status => status.Phase).OrderBy(phase => phase.Key).Select(phase => $"{phase.Value} {Words.Of(phase.Key)}");
        table.Caption = new(Markup.Escape($"{Words.Count(networks.Count, "network")}: {string.Join(", ", phases)}   Ctrl-C ends"));
        return table;
    }
}
