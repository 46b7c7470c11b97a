using System.CommandLine;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Core.Engine;
using DhcpHost.Hosting;
using DhcpHost.Http.Answers;

namespace DhcpHost.Cli.Commands;

/// <summary><c>resync</c>: look again.</summary>
internal sealed class ResyncCommand() : CliCommand(
    "resync",
    "Reconcile one network at once, free of retry and quarantine; or read all sources anew and reconcile all.",
    ("dhcphost resync lab", "after its trouble was cured by hand"),
    ("dhcphost resync --reason 'switch replaced'", "all networks, behind live changes"))
{
    private readonly Argument<NetworkId?> _network = NetworkArgument.Optional("The network; all where it is left out.");
    private readonly Option<string?> _reason = new("--reason") { Description = "Why all are resynced, for the history.", HelpName = "TEXT" };

    protected override void Configure(Command command)
    {
        command.Add(_network);
        command.Add(_reason);
    }

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var json = scope.Get(_network) is { } id
            ? await scope.Client.SendAsync(HttpMethod.Post, $"/v1/networks/{id}/resync", cancellationToken)
            : await scope.Client.SendAsync(
                HttpMethod.Post, "/v1/resync", cancellationToken, new ResyncRequest(scope.Get(_reason) ?? "asked for on the command line"));
        if (scope.IsJson)
        {
            scope.ShowJson(json);
        }
        else
        {
            scope.Console.Line(ManagementClient.Read<EngineAnswer>(json).Message);
        }

        return ExitCodes.Success;
    }
}
