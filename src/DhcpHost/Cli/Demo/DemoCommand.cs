using DhcpHost.Cli.Help;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Demo;

/// <summary><c>demo</c>: two networks with the same subnet, a lease on each, and nothing left behind.</summary>
internal sealed class DemoCommand() : CliCommand(
    "demo",
    "Show the host at work: two networks with the same subnet in a lab of their own, a real client on each, and nothing left behind.",
    ("sudo dhcphost demo", "takes some seconds; disturbs neither a running host nor the machine's own networks"))
{
    // As installed, and as built.
    private static readonly string[] BesideProgram = ["plugins", "../../../plugins"];

    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new CliException(ExitCodes.NoPermission, "the demo makes network namespaces, which takes root", "run 'sudo dhcphost demo'");
        }

        DemoClient.FindProgram("dnsmasq", "dnsmasq-base");
        var client = DemoClient.FindProgram("udhcpc", "udhcpc");
        await using var lab = new DemoLab(PluginDirectories(scope));
        return await new DemoRun(scope, lab, client).RunAsync(cancellationToken);
    }

    /// <summary>Where the plugins are: as host.toml says, where there is one; otherwise beside the program, as it is installed or built.</summary>
    private static List<string> PluginDirectories(CommandScope scope)
    {
        var besides = BesideProgram.Select(path => Path.GetFullPath(path, AppContext.BaseDirectory));
        var directories = scope.ConfiguredPluginDirectories().Concat(besides).Where(Directory.Exists).Distinct().ToList();
        return directories.Count > 0
            ? directories
            : throw new CliException(ExitCodes.Config, "no directory of plugins was found", "name the host.toml whose [plugins] says where they are with --config");
    }
}
