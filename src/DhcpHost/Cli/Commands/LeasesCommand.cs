using System.CommandLine;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;
using DhcpHost.Http.Answers;

namespace DhcpHost.Cli.Commands;

/// <summary><c>leases</c>: who has which address.</summary>
internal sealed class LeasesCommand() : CliCommand(
    "leases",
    "List the leases of all networks, or of one.",
    ("dhcphost leases", "all"),
    ("dhcphost leases lab", "those of one network"),
    ("dhcphost leases lab --json | jq -r '.[].address'", "for programs"))
{
    private readonly Argument<NetworkId?> _network = NetworkArgument.Optional("Only this network.");

    protected override void Configure(Command command) => command.Add(_network);

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var networks = new List<NetworkLeases>();
        if (scope.Get(_network) is { } id)
        {
            var json = await scope.Client.SendAsync(HttpMethod.Get, $"/v1/networks/{id}/leases", cancellationToken);
            if (scope.IsJson)
            {
                scope.ShowJson(json);
                return ExitCodes.Success;
            }

            networks.Add(new(id, [.. ManagementClient.Read<Lease[]>(json)]));
        }
        else
        {
            await foreach (var line in scope.Client.FollowAsync("/v1/leases", cancellationToken))
            {
                networks.Add(ManagementClient.Read<NetworkLeases>(line));
            }

            if (scope.IsJson)
            {
                scope.ShowJson(networks);
                return networks.Any(network => network.Problem is not null) ? ExitCodes.Failure : ExitCodes.Success;
            }
        }

        Show(scope.Console, networks);
        foreach (var network in networks.Where(network => network.Problem is not null))
        {
            scope.Console.Note(new($"{network.NetworkId}: {network.Problem}", Tone.Bad));
        }

        return networks.Any(network => network.Problem is not null) ? ExitCodes.Failure : ExitCodes.Success;
    }

    private static void Show(CliConsole console, List<NetworkLeases> networks)
    {
        var table = new TextTable("Network", "Address", "MAC", "Expires", "Hostname", "Client") { Expendable = ["Client", "MAC", "Hostname"] };
        foreach (var network in networks)
        {
            foreach (var lease in network.Leases)
            {
                table.Add(
                    network.NetworkId.Value,
                    new Cell(lease.Address.ToString(), Tone.Strong),
                    lease.MacAddress?.ToString(),
                    lease.ExpiresAt is null ? "never" : console.Moment(lease.ExpiresAt),
                    lease.Hostname?.Replace(' ', '_'),
                    lease.Duid ?? lease.ClientId);
            }
        }

        if (table.Count == 0 && console.IsTerminal)
        {
            console.Note("no client has a lease");
            return;
        }

        console.Show(table);
    }
}
