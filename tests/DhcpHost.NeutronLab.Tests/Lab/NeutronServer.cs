using System.Globalization;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>A real neutron-server (ML2, linuxbridge, vxlan) without authentication on a free port of 127.0.0.1.</summary>
internal sealed class NeutronServer
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(4);

    private readonly LinuxLab _lab;
    private readonly string _directory;
    private readonly int _port = LoopbackPorts.Take(1)[0];
    private ServerProcess? _process;

    public NeutronServer(LinuxLab lab, string directory, string transportUrl, string databaseUrl)
    {
        _lab = lab;
        _directory = directory;
        File.WriteAllText(ConfigFile, Config(transportUrl, databaseUrl));
        File.WriteAllText(Ml2File, """
            [ml2]
            type_drivers = local,vlan,vxlan
            tenant_network_types = vxlan
            mechanism_drivers = linuxbridge
            extension_drivers = port_security,dns

            [ml2_type_vlan]
            network_vlan_ranges = lab-1,lab-2

            [ml2_type_vxlan]
            vni_ranges = 1:100000

            """);
    }

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/v2.0/"));

    private string ConfigFile => Path.Combine(_directory, "neutron.conf");

    private string Ml2File => Path.Combine(_directory, "ml2.ini");

    private string LogFile => Path.Combine(_directory, "server.log");

    /// <summary>Makes the tables.</summary>
    public async Task CreateTablesAsync(CancellationToken cancellationToken)
    {
        const int MaxOutput = 1024 * 1024;
        var spec = new SpawnSpec("/usr/bin/neutron-db-manage", ["--config-file", ConfigFile, "--config-file", Ml2File, "upgrade", "heads"]);
        var result = await _lab.Spawner.RunToEndAsync(null, spec, StartDeadline, MaxOutput, cancellationToken);
        Assert.True(result.IsSuccess, $"neutron-db-manage: {result.Exit} {result.Error}");
    }

    /// <summary>Starts it, for the first time or again, and waits until its API answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = await _lab.SpawnAsync(
            null,
            new SpawnSpec("/usr/bin/neutron-server", ["--config-file", ConfigFile, "--config-file", Ml2File, "--log-file", LogFile])
            {
                OutputFile = Path.Combine(_directory, "server.out"),
            },
            cancellationToken);
        using var client = new HttpClient { BaseAddress = Url };
        await Eventually.TrueAsync(
            () => AnswersAsync(client, cancellationToken), StartDeadline, cancellationToken, "neutron-server answers");
        if (_process.HasExited)
        {
            Assert.Fail($"neutron-server ended: {await LogTail.ReadAsync(LogFile, cancellationToken)}");
        }
    }

    /// <summary>SIGKILL, and waits until its workers, which notice, have ended too.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _ = await _process!.TerminateAsync(TimeSpan.Zero, cancellationToken);
        await Eventually.TrueAsync(
            () => ProcessIdentity.FindByMarker(ConfigFile).Count == 0,
            StartDeadline, cancellationToken, "the workers of neutron-server have ended");
    }

    private async Task<bool> AnswersAsync(HttpClient client, CancellationToken cancellationToken)
    {
        if (_process!.HasExited)
        {
            return true;
        }
        try
        {
            using var answer = await client.GetAsync(new Uri("networks", UriKind.Relative), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Two agents for a network: where a test has one host, the network has one agent.
    private string Config(string transportUrl, string databaseUrl) => string.Create(CultureInfo.InvariantCulture, $"""
        [DEFAULT]
        core_plugin = ml2
        service_plugins = router,segments
        auth_strategy = noauth
        transport_url = {transportUrl}
        bind_host = 127.0.0.1
        bind_port = {_port}
        api_workers = 1
        rpc_workers = 1
        rpc_state_report_workers = 0
        state_path = {_directory}/state
        host = lab
        dns_domain = lab.example.
        dhcp_agents_per_network = 2
        agent_down_time = 120
        notify_nova_on_port_status_changes = false
        notify_nova_on_port_data_changes = false

        [oslo_concurrency]
        lock_path = {_directory}/lock

        [database]
        connection = {databaseUrl}

        [quotas]
        default_quota = -1
        quota_network = -1
        quota_subnet = -1
        quota_port = -1

        [experimental]
        linuxbridge = true

        """);
}
