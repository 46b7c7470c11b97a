using System.CommandLine;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;

namespace DhcpHost.Cli.Commands;

/// <summary><c>networks</c>: all networks.</summary>
internal sealed class NetworksCommand() : CliCommand(
    "networks",
    "List the networks that the host knows.",
    ("dhcphost networks", "all"),
    ("dhcphost networks --phase quarantined", "those that nothing but a change, a probe or a resync brings back"),
    ("dhcphost networks | awk '$2 != \"ready\"'", "columns in a pipe are separated by blanks"))
{
    private readonly Option<string?> _phase = PhaseOption();

    protected override void Configure(Command command) => command.Add(_phase);

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var phase = scope.Get(_phase);
        var json = await scope.Client.SendAsync(HttpMethod.Get, phase is null ? "/v1/networks" : $"/v1/networks?phase={phase}", cancellationToken);
        if (scope.IsJson)
        {
            scope.ShowJson(json);
            return Hosting.ExitCodes.Success;
        }

        var networks = ManagementClient.Read<NetworkStatus[]>(json);
        if (networks.Length == 0 && scope.Console.IsTerminal)
        {
            scope.Console.Note(
                phase is null ? "no source tells of any network" : $"no network is {phase}",
                phase is null ? "'dhcphost status' shows how the sources are" : null);
            return Hosting.ExitCodes.Success;
        }

        scope.Console.Show(NetworkView.TableOf(scope.Console, networks));
        return Hosting.ExitCodes.Success;
    }

    private static Option<string?> PhaseOption()
    {
        var option = new Option<string?>("--phase") { Description = "Only those in this phase.", HelpName = "PHASE" };
        return option.AcceptOnlyFromAmong([.. Enum.GetValues<NetworkPhase>().Where(phase => phase != NetworkPhase.Removed).Select(Words.Of)]);
    }
}
