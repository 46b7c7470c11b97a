using System.CommandLine;
using DhcpHost.Cli.Client;
using DhcpHost.Cli.Help;
using DhcpHost.Cli.Terminal;
using DhcpHost.Core.Plugins;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Commands;

/// <summary><c>plugins</c>: what was loaded, and what failed.</summary>
internal sealed class PluginsCommand() : CliCommand(
    "plugins",
    "List the plugins, loaded or failed.",
    ("dhcphost plugins", "all, with what they offer and why one failed"),
    ("dhcphost plugins reload dnsmasq", "read one plugin's folder anew"))
{
    protected override IReadOnlyList<CliCommand> Subcommands => [new ReloadCommand()];

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        var json = await scope.Client.SendAsync(HttpMethod.Get, "/v1/plugins", cancellationToken);
        if (scope.IsJson)
        {
            scope.ShowJson(json);
            return ExitCodes.Success;
        }

        scope.Console.Show(TableOf(scope.Console, ManagementClient.Read<PluginStatus[]>(json)));
        return ExitCodes.Success;
    }

    private static TextTable TableOf(CliConsole console, IEnumerable<PluginStatus> plugins)
    {
        var table = new TextTable("Plugin", "Version", "State", "Since", "Offers", "Message") { Expendable = ["Since", "Version", "Offers"] };
        foreach (var plugin in plugins)
        {
            var tone = plugin.State switch { PluginState.Ready => Tone.Good, PluginState.Failed or PluginState.Unhealthy => Tone.Bad, _ => Tone.Warning };
            table.Add(
                new Cell(plugin.Id.Value, Tone.Strong),
                plugin.Version,
                new Cell(Words.Of(plugin.State), tone),
                console.Moment(plugin.Since),
                string.Join(",", plugin.Offers.Select(offer => offer.Replace(' ', ':'))),
                plugin.LeakedContexts > 0
                    ? $"{plugin.Message} ({Words.Count(plugin.LeakedContexts, "old version")} still in memory)".TrimStart()
                    : plugin.Message);
        }

        return table;
    }

    private sealed class ReloadCommand() : CliCommand(
        "reload",
        "Read a plugin's folder anew; servers run on.",
        ("dhcphost plugins reload dnsmasq", "after its files were replaced"))
    {
        private readonly Argument<string> _id = new("PLUGIN") { Description = "The plugin's id." };

        protected override void Configure(Command command) => command.Add(_id);

        protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
        {
            var json = await scope.Client.SendAsync(HttpMethod.Post, $"/v1/plugins/{Uri.EscapeDataString(scope.Get(_id)!)}/reload", cancellationToken);
            var plugin = ManagementClient.Read<PluginStatus>(json);
            if (scope.IsJson)
            {
                scope.ShowJson(json);
            }
            else
            {
                scope.Console.Show(TableOf(scope.Console, [plugin]));
            }

            return plugin.State == PluginState.Failed ? ExitCodes.Failure : ExitCodes.Success;
        }
    }
}
