using System.CommandLine;
using DhcpHost.Cli.Demo;
using DhcpHost.Cli.Help;

namespace DhcpHost.Cli.Commands;

/// <summary>All commands, in the order of their help.</summary>
internal static class CommandList
{
    public static IReadOnlyList<CliCommand> All { get; } =
    [
        new RunCommand(), new CheckCommand(), new PlanCommand(),
        new StatusCommand(), new NetworksCommand(), new LeasesCommand(), new EventsCommand(),
        new PluginsCommand(), new ScriptsCommand(), new JobsCommand(), new LimitsCommand(),
        new ResyncCommand(), new ReleaseCommand(), new RenderCommand(), new ImportNeutronCommand(), new DemoCommand(),
    ];

    /// <summary>Whether a command is the daemon itself.</summary>
    public static bool IsDaemon(Command command) => command.Name == "run";
}
