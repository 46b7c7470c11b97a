using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>check</c>: everything that a start reads.</summary>
internal sealed class CheckCommand() : CliCommand(
    "check",
    "Check host.toml, plugins, scripts and what the sources tell, without a running host and touching nothing.",
    ("dhcphost check", "check the default host.toml and all that it names"),
    ("dhcphost check -c new.toml && systemctl reload dhcphost", "reload only what is right"))
{
    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var report = await scope.Environment.Check(scope.ConfigPath, cancellationToken);
        Show(scope, report);
        return report.ExitCode;
    }

    /// <summary>Problems as the answer itself: one line each, with its place first, as editors and CI read them.</summary>
    public static void Show(CommandScope scope, CheckReport report)
    {
        if (scope.IsJson)
        {
            scope.ShowJson(report);
            return;
        }

        foreach (var problem in report.Problems)
        {
            scope.Console.Line(new Cell(problem, Tone.Bad));
        }

        if (report.ExitCode == ExitCodes.Success && report.Problems.Count == 0)
        {
            scope.Console.Line(
                new("ok", Tone.Good),
                $": {scope.ConfigPath}, {Words.Count(report.Plugins.Count, "plugin")}, {Words.Count(report.Scripts.Count, "script")}, "
                    + $"{Words.Count(report.Networks, "network")}");
        }
        else
        {
            scope.Console.Note(new($"{scope.ConfigPath}: {Words.Count(report.Problems.Count, "problem")}", Tone.Bad));
        }
    }
}
