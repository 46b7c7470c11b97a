using System.Globalization;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;
using DhcpHost.Http.Answers;

namespace DhcpHost.Cli.Commands;

/// <summary><c>limits</c>: what nothing may exceed.</summary>
internal sealed class LimitsCommand() : CliCommand(
    "limits",
    "List the hard limits of the running host, with what is in use.",
    ("dhcphost limits", "the table [limits] of host.toml, with the defaults filled in"))
{
    private const double Near = 0.8;

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var json = await scope.Client.SendAsync(HttpMethod.Get, "/v1/limits", cancellationToken);
        if (scope.IsJson)
        {
            scope.ShowJson(json);
            return ExitCodes.Success;
        }

        var table = new TextTable("Limit", "Value", "In use");
        foreach (var limit in ManagementClient.Read<LimitUse[]>(json))
        {
            var tone = limit.Used >= limit.Value ? Tone.Bad : limit.Used >= limit.Value * Near ? Tone.Warning : Tone.Normal;
            table.Add(limit.Name, Value(scope.Console, limit), new Cell(limit.Used?.ToString(CultureInfo.InvariantCulture), tone));
        }

        scope.Console.Show(table);
        return ExitCodes.Success;
    }

    private static string Value(CliConsole console, LimitUse limit) => (limit.Unit, console.IsTerminal) switch
    {
        ("s", true) => Span.Length(TimeSpan.FromSeconds(limit.Value)),
        ("s", false) => $"{limit.Value.ToString(CultureInfo.InvariantCulture)}s",
        ("bytes", true) => Size(limit.Value),
        _ => limit.Value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Size(double bytes) => bytes switch
    {
        0 => "none",
        >= 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 30):0.##} GiB"),
        >= 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 20):0.##} MiB"),
        >= 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1 << 10):0.##} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };
}
