using DhcpHost.Cli.Help;
using DhcpHost.Hosting;

namespace DhcpHost.Cli.Demo;

/// <summary><c>demo</c>: two networks with the same subnet, a lease on each, and nothing left behind.</summary>
internal sealed class DemoCommand() : CliCommand(
    "demo",
    "Show the host at work: two networks with the same subnet in a lab of their own, a real client on each, and nothing left behind.",
    ("sudo dhcphost demo", "takes some seconds; disturbs neither a running host nor the machine's own networks"))
{
    protected override async Task<int> RunAsync(CommandScope scope, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new CliException(ExitCodes.NoPermission, "the demo makes network namespaces, which takes root", "run 'sudo dhcphost demo'");
        }

        var client = DemoClient.FindProgram("udhcpc", "udhcpc");
        await using var lab = new DemoLab(scope.PluginDirectories());
        return await new DemoRun(scope, lab, client).RunAsync(cancellationToken);
    }
}
