using System.CommandLine;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Core.Jobs;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>jobs</c>: what runs by the clock.</summary>
internal sealed class JobsCommand() : CliCommand(
    "jobs",
    "List the scheduled jobs.",
    ("dhcphost jobs", "when each ran, what came of it, when it runs next"),
    ("dhcphost jobs run orphan-sweep", "run one now, and wait for its end"))
{
    protected override IReadOnlyList<CliCommand> Subcommands => [new RunJobCommand()];

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var json = await scope.Client.SendAsync(HttpMethod.Get, "/v1/jobs", cancellationToken);
        if (scope.IsJson)
        {
            scope.ShowJson(json);
            return ExitCodes.Success;
        }

        var table = new TextTable("Job", "Schedule", "Next", "Last", "Took", "Runs", "Failed", "Result") { Expendable = ["Runs", "Took", "Schedule"] };
        foreach (var job in ManagementClient.Read<JobStatus[]>(json))
        {
            table.Add(
                new Cell(job.Name, Tone.Strong),
                job.Schedule is null ? "disabled" : scope.Console.IsTerminal ? job.Schedule : job.Schedule.Replace(' ', '_'),
                job.IsRunning ? new Cell("running", Tone.Warning) : scope.Console.Moment(job.NextRun),
                scope.Console.Moment(job.LastRun),
                job.LastDuration is { } took ? Took(scope.Console, took) : null,
                job.Runs,
                job.FailedRuns == 0 ? job.FailedRuns : new Cell($"{job.FailedRuns}", Tone.Bad),
                new Cell(job.LastResult, job.LastFailed ? Tone.Bad : Tone.Normal));
        }

        scope.Console.Show(table);
        return ExitCodes.Success;
    }

    private static string Took(CliConsole console, TimeSpan took) =>
        console.IsTerminal ? Span.Length(took) : Span.Length(took).Replace(" ", "", StringComparison.Ordinal);

    private sealed class RunJobCommand() : CliCommand(
        "run",
        "Run a job now, and wait for its end.",
        ("dhcphost jobs run full-resync", "as if its time had come"))
    {
        private readonly Argument<string> _name = new("JOB") { Description = "The job's name in host.toml." };

        protected override void Configure(Command command)
        {
            _name.Validators.Add(result =>
            {
                if (result.Tokens is [{ Value: "" }])
                {
                    result.AddError("'' is no name of a job: 'dhcphost jobs' lists them");
                }
            });
            command.Add(_name);
        }

        protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
        {
            var json = await scope.Client.SendAsync(HttpMethod.Post, $"/v1/jobs/{Uri.EscapeDataString(scope.Get(_name)!)}/run", cancellationToken);
            var job = ManagementClient.Read<JobStatus>(json);
            if (scope.IsJson)
            {
                scope.ShowJson(json);
            }
            else
            {
                scope.Console.Line(
                    new(job.LastFailed ? "failed" : "done", job.LastFailed ? Tone.Bad : Tone.Good),
                    $" {job.Name}{(job.LastDuration is { } took ? $" in {Span.Length(took)}" : "")}: {job.LastResult}");
            }

            return job.LastFailed ? ExitCodes.Failure : ExitCodes.Success;
        }
    }
}
