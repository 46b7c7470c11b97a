using DhcpHost.Linux.Processes;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>Debian's own neutron-dhcp-agent, with a state directory of its own: what DhcpHost replaces.</summary>
internal sealed class PeerAgent
{
    private readonly LinuxLab _lab;
    private ServerProcess? _process;

    /// <summary>Writes its configuration.</summary>
    /// <param name="lab">Ends it with the test.</param>
    /// <param name="transportUrl">Of the broker.</param>
    /// <param name="host">Its name, one of <see cref="OpenStackLab.Hosts"/>.</param>
    /// <param name="directory">An empty directory.</param>
    public PeerAgent(LinuxLab lab, string transportUrl, string host, string directory)
    {
        _lab = lab;
        (Name, Directory) = (host, directory);
        File.WriteAllText(NeutronConf, $"""
            [DEFAULT]
            transport_url = {transportUrl}
            host = {host}
            state_path = {StatePath}
            dns_domain = lab.example.

            [oslo_concurrency]
            lock_path = {directory}/lock

            [agent]
            root_helper =
            report_interval = 5

            """);
        File.WriteAllText(DhcpAgentIni, """
            [DEFAULT]
            interface_driver = linuxbridge

            """);
    }

    /// <summary>Its host in Neutron.</summary>
    public string Name { get; }

    /// <summary>Where its configuration, its state and its log are.</summary>
    public string Directory { get; }

    public string NeutronConf => Path.Combine(Directory, "neutron.conf");

    public string DhcpAgentIni => Path.Combine(Directory, "dhcp_agent.ini");

    /// <summary><c>state_path</c>: a network's files are in <c>dhcp/ID</c> below it.</summary>
    public string StatePath => Path.Combine(Directory, "state");

    /// <summary>Starts it and returns at once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken) => _process = await _lab.SpawnAsync(
        null,
        new SpawnSpec("/usr/bin/neutron-dhcp-agent", [
            "--config-file", NeutronConf, "--config-file", DhcpAgentIni, "--log-file", Path.Combine(Directory, $"{Name}.log")])
        {
            OutputFile = Path.Combine(Directory, "agent.out"),
        },
        cancellationToken);

    /// <summary>SIGTERM; what it started runs on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        _ = await _process!.TerminateAsync(TimeSpan.FromSeconds(30), cancellationToken);

    /// <summary>The dnsmasq that serves a network, by the agent's own pid file; null if there is none.</summary>
    public int? ServerOf(string networkId, string segment = "")
    {
        var file = Path.Combine(StatePath, "dhcp", segment, networkId, "pid");
        return File.Exists(file) && int.TryParse(File.ReadAllText(file), out var pid) && System.IO.Directory.Exists($"/proc/{pid}")
            ? pid
            : null;
    }
}
