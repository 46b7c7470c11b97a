using System.CommandLine;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Http.Answers;

namespace DhcpHost.Cli.Commands;

/// <summary><c>status</c>: the host, or one network.</summary>
internal sealed class StatusCommand() : CliCommand(
    "status",
    "Show how the host is, or one network.",
    ("dhcphost status", "the host"),
    ("dhcphost status lab", "one network, with its servers and what is wrong"),
    ("dhcphost status --watch", "all networks as they change, until Ctrl-C"),
    ("dhcphost status --json | jq .ready.is_ready", "for programs"))
{
    private readonly Argument<NetworkId?> _network = NetworkArgument.Optional("The network to show.");
    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Go on showing changes, until Ctrl-C." };

    protected override void Configure(Command command)
    {
        command.Add(_network);
        command.Add(_watch);
    }

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var network = scope.Get(_network);
        if (scope.Get(_watch))
        {
            if (network is { } watched)
            {
                // One that nobody knows would never have news.
                _ = await scope.Client.SendAsync(HttpMethod.Get, $"/v1/networks/{watched}", cancellationToken);
            }

            return await new StatusWatch(scope, network).RunAsync(cancellationToken);
        }

        var json = await scope.Client.SendAsync(HttpMethod.Get, network is { } id ? $"/v1/networks/{id}" : "/v1/status", cancellationToken);
        if (scope.IsJson)
        {
            scope.ShowJson(json);
        }
        else if (network is not null)
        {
            NetworkView.Show(scope.Console, ManagementClient.Read<NetworkDetail>(json));
        }
        else
        {
            await ShowAsync(scope, ManagementClient.Read<HostStatus>(json), cancellationToken);
        }

        return Hosting.ExitCodes.Success;
    }

    private static async Task ShowAsync(CommandScope scope, HostStatus status, CancellationToken cancellationToken)
    {
        var console = scope.Console;
        var engine = status.Engine;
        var sheet = new FactSheet(console);
        sheet.Add("host", $"DhcpHost {status.Version}, process {status.ProcessId}");
        sheet.Add("config", status.ConfigPath);
        sheet.Add("state", status.Ready.IsReady ? new Cell("ready", Tone.Good) : new("not ready", Tone.Warning));
        if (engine.StartedAt is { } started)
        {
            sheet.Add("started", console.IsTerminal ? $"{Span.Length(status.Now - started)} ago" : Span.Absolute(started));
        }

        sheet.Add("networks", Phases(engine.Phases, engine.Networks));
        if (!engine.IsSynced)
        {
            sheet.Add("first sync", new Cell($"{engine.SyncDone} of {engine.SyncTotal}", Tone.Warning));
        }

        sheet.Add("servers", engine.AdoptedServers > 0 ? $"{engine.Servers} ({engine.AdoptedServers} adopted at the start)" : $"{engine.Servers}");
        sheet.Add("workers", $"{engine.BusyWorkers} of {engine.Workers} busy, {engine.QueueLength} in the queue");
        foreach (var (id, health) in engine.Sources.OrderBy(source => source.Key))
        {
            sheet.Add($"source {id}", new Cell(health.Message, health.IsHealthy ? Tone.Good : Tone.Bad));
            foreach (var problem in health.Problems)
            {
                sheet.Add("", new Cell(problem, Tone.Bad));
            }
        }

        if (engine.StateProblem is { } state)
        {
            sheet.Add("state store", new Cell(state, Tone.Bad));
        }

        foreach (var problem in status.Problems)
        {
            sheet.Add("problem", new Cell(problem, Tone.Bad));
        }

        sheet.Show();
        var troubled = (await scope.Client.GetAsync<NetworkStatus[]>("/v1/networks", cancellationToken)).Where(IsTroubled).ToList();
        if (troubled.Count > 0)
        {
            console.Line();
            console.Show(NetworkView.TableOf(console, troubled));
        }
    }

    private static bool IsTroubled(NetworkStatus status) =>
        status.Phase is NetworkPhase.Degraded or NetworkPhase.Retrying or NetworkPhase.Quarantined or NetworkPhase.Refused;

    private static string Phases(IReadOnlyDictionary<string, int> phases, int total) =>
        phases.Values.Any(count => count > 0)
            ? $"{total}: {string.Join(", ", phases.Where(phase => phase.Value > 0).Select(phase => $"{phase.Value} {phase.Key}"))}"
            : $"{total}";
}
