using System.CommandLine;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Core.Engine;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>plan</c>: what a start would do.</summary>
internal sealed class PlanCommand() : CliCommand(
    "plan",
    "Show what a start of the host would change, as a diff, touching nothing.",
    ("dhcphost plan", "all networks"),
    ("dhcphost plan lab", "one network"),
    ("dhcphost plan --exit-code >/dev/null || echo differs", "exit with 3 where something would change"))
{
    /// <summary>The exit code of <c>--exit-code</c> where something would change.</summary>
    public const int Differs = 3;

    private readonly Argument<NetworkId?> _network = NetworkArgument.Optional("Only this network.");
    private readonly Option<bool> _exitCode = new("--exit-code") { Description = "Exit with 3 where something would change." };
    private readonly Option<bool> _summary = new("--summary") { Description = "Only what would be done, not the changed lines." };

    protected override void Configure(Command command)
    {
        command.Add(_network);
        command.Add(_exitCode);
        command.Add(_summary);
    }

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        if (!scope.Environment.IsPrivileged)
        {
            throw new CliException(ExitCodes.NoPermission, "a plan looks into network namespaces and at servers, which takes root", "run 'sudo dhcphost plan'");
        }

        var report = await scope.Environment.Plan(scope.ConfigPath, scope.Get(_network), cancellationToken);
        var changes = report.Networks.Count(IsChange);
        if (scope.IsJson)
        {
            scope.ShowJson(report);
        }
        else
        {
            foreach (var network in report.Networks)
            {
                Show(scope.Console, network, isWhole: !scope.Get(_summary));
            }

            if (report.Networks.Count > 0 || report.Problems.Count == 0)
            {
                scope.Console.Line(ResultOf(changes, report.Networks.Count));
            }

            foreach (var problem in report.Problems)
            {
                scope.Console.Note(new(problem, Tone.Bad));
            }
        }

        return report.ExitCode != ExitCodes.Success || !scope.Get(_exitCode) || changes == 0 ? report.ExitCode : Differs;
    }

    private static Cell ResultOf(int changes, int networks) =>
        changes == 0 ? new("Nothing would change.", Tone.Good) : new($"{changes} of {Words.Count(networks, "network")} would change.", Tone.Warning);

    private static bool IsChange(NetworkPreview network) => network.Steps.Any(step => step.Preview is not { Action: ApplyAction.Unchanged });

    private static void Show(CliConsole console, NetworkPreview network, bool isWhole)
    {
        if (!IsChange(network) && network.Reason is null && network.Steps.All(step => step.Preview!.Refusals.IsEmpty))
        {
            return;
        }

        console.Line(new("network ", Tone.Muted), new(network.Id.Value, Tone.Strong), network.Name.Length > 0 ? $" ({network.Name})" : "");
        if (network.Reason is { } reason)
        {
            console.Line("  ", new(reason, Tone.Warning));
        }

        foreach (var step in network.Steps)
        {
            var (word, tone) = WordOf(step.Preview?.Action);
            console.Line(
                "  ",
                new(word, tone),
                $" {step.DriverId} {step.Server}",
                new(step.Preview is { Reasons.IsEmpty: false } told ? $"  ({string.Join("; ", told.Reasons)})" : "", Tone.Muted));
            foreach (var refusal in step.Preview?.Refusals ?? [])
            {
                console.Line("    ", new($"not served: {refusal.Subject}: {refusal.Reason}", Tone.Warning));
            }

            foreach (var change in isWhole && step.Preview is { } preview ? preview.Changes : [])
            {
                Show(console, change);
            }
        }
    }

    private static void Show(CliConsole console, PreviewedChange change)
    {
        console.Line("    ", new($"{(change.Before is null ? '+' : change.After is null ? '-' : '~')} {change.Subject}", Tone.Strong));
        foreach (var line in LineDiff.Of(change.Before ?? "", change.After ?? ""))
        {
            console.Line(
                "      ", new(
                    line.Text.Length == 0 ? line.Mark.ToString() : $"{line.Mark} {line.Text}",
                    line.Mark switch { '+' => Tone.Good, '-' => Tone.Bad, _ => Tone.Muted }));
        }
    }

    private static (string Word, Tone Tone) WordOf(ApplyAction? action) => action switch
    {
        ApplyAction.Unchanged => ("keep", Tone.Muted),
        ApplyAction.Reloaded => ("reload", Tone.Warning),
        ApplyAction.Restarted => ("restart", Tone.Warning),
        ApplyAction.Started => ("start", Tone.Good),
        _ => ("remove", Tone.Bad),
    };
}
