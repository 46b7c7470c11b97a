using System.CommandLine;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>events</c>: the history.</summary>
internal sealed class EventsCommand() : CliCommand(
    "events",
    "Show the host's history, the newest last.",
    ("dhcphost events", "the newest 20"),
    ("dhcphost events --follow", "and what happens from now on, until Ctrl-C"),
    ("dhcphost events -n lab --count 500", "those of one network"),
    ("dhcphost events --follow --json", "a line of JSON for each"))
{
    private const int DefaultCount = 20;

    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on with what happens from now on, until Ctrl-C." };
    private readonly Option<NetworkId?> _network = NetworkArgument.Option("Only those of this network.");
    private readonly Option<int> _count = CountOption();

    protected override void Configure(Command command)
    {
        command.Add(_follow);
        command.Add(_network);
        command.Add(_count);
    }

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var query = $"count={scope.Get(_count)}{(scope.Get(_network) is { } network ? $"&network={network}" : "")}";
        if (!scope.Get(_follow))
        {
            var json = await scope.Client.SendAsync(HttpMethod.Get, $"/v1/events?{query}", cancellationToken);
            if (scope.IsJson)
            {
                scope.ShowJson(json);
                return ExitCodes.Success;
            }

            foreach (var item in ManagementClient.Read<HostEvent[]>(json).Reverse())
            {
                Show(scope.Console, item);
            }

            return ExitCodes.Success;
        }

        return await scope.FollowAsync(token => FollowAsync(scope, query, token), cancellationToken);
    }

    private static async Task FollowAsync(CommandScope scope, string query, CancellationToken cancellationToken)
    {
        await foreach (var line in scope.Client.FollowAsync($"/v1/events?follow=true&{query}", cancellationToken))
        {
            if (scope.IsJson)
            {
                scope.Console.Json(line);
                continue;
            }

            Show(scope.Console, ManagementClient.Read<HostEvent>(line));
            await scope.Console.Output.FlushAsync(cancellationToken);
        }
    }

    private static void Show(CliConsole console, HostEvent item)
    {
        var time = console.IsTerminal
            ? item.Time.ToLocalTime().ToString("MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture)
            : Span.Absolute(item.Time);
        var severity = Words.Severity(item.Severity);
        console.Line(
            new($"{time}  ", Tone.Muted),
            severity with { Text = severity.Text!.PadRight("warning".Length + 2) },
            $"{item.Kind,-20}  ",
            new($"{item.NetworkId?.Value ?? "-",-12}  ", Tone.Strong),
            item.Message);
    }

    private static Option<int> CountOption()
    {
        var option = new Option<int>("--count")
        {
            Description = "How many events of the past, up to 10000.",
            HelpName = "COUNT",
            DefaultValueFactory = _ => DefaultCount,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var count) || count is < 0 or > 10_000))
            {
                result.AddError($"--count: '{result.Tokens[0].Value}' is not a number from 0 to 10000");
            }
        });
        return option;
    }
}
