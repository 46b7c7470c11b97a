using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Core.Scripts;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>scripts</c>: policies and jobs.</summary>
internal sealed class ScriptsCommand() : CliCommand(
    "scripts",
    "List the scripts of the running host, with what is in force.",
    ("dhcphost scripts", "which are in force, how often they were called, what is wrong"),
    ("dhcphost scripts check", "compile those on disk, without a running host"))
{
    protected override IReadOnlyList<CliCommand> Subcommands => [new CheckScriptsCommand()];

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var json = await scope.Client.SendAsync(HttpMethod.Get, "/v1/scripts", cancellationToken);
        if (scope.IsJson)
        {
            scope.ShowJson(json);
            return ExitCodes.Success;
        }

        var scripts = ManagementClient.Read<ScriptStatus[]>(json);
        var table = new TextTable("Script", "In force", "Current", "Loaded", "Calls", "Failures", "Problem") { Expendable = ["Loaded", "Calls"] };
        foreach (var script in scripts)
        {
            table.Add(
                new Cell(script.Name, Tone.Strong),
                script.Hash ?? "built-in",
                script.IsCurrent ? new Cell("yes", Tone.Good) : new Cell("no", Tone.Bad),
                scope.Console.Moment(script.LoadedAt),
                script.Calls,
                script.Failures == 0 ? script.Failures : new Cell($"{script.Failures}", Tone.Bad),
                script.Problems.IsEmpty ? null : script.Problems[0]);
        }

        scope.Console.Show(table);
        return ExitCodes.Success;
    }

    private sealed class CheckScriptsCommand() : CliCommand(
        "check",
        "Compile the scripts on disk, without a running host, and say what is wrong.",
        ("dhcphost scripts check", "before a script is put in place"),
        ("dhcphost scripts check --json", "for programs"))
    {
        protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
        {
            var report = await scope.Environment.CheckScripts(scope.ConfigPath, cancellationToken);
            if (scope.IsJson)
            {
                scope.ShowJson(report.Scripts);
                return report.ExitCode;
            }

            foreach (var problem in report.Problems)
            {
                scope.Console.Line(new Cell(problem, Tone.Bad));
            }

            foreach (var script in report.Scripts.Where(script => script.Problems.IsEmpty))
            {
                scope.Console.Line(new("ok", Tone.Good), $": {script.Name}", new(script.Path is null ? " (built-in)" : $" ({script.Path})", Tone.Muted));
            }

            return report.ExitCode;
        }
    }
}
