using DhcpHost.Linux.Processes;
using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

[assembly: AssemblyFixture(typeof(OpenStackLab))]

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>
/// A whole Neutron of Debian's packages for all tests of this assembly, started by the first that asks for it: RabbitMQ, MariaDB,
/// neutron-server, and an L2 agent for each of <see cref="Hosts"/>. Nothing listens beyond loopback, nothing is shared with the machine's own services.
/// </summary>
public sealed class OpenStackLab : IAsyncLifetime
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _starting = new(1);
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-neutron-").FullName;
    private LinuxLab? _lab;
    private ServerProcess? _l2Agent;
    private MetadataAgent? _metadataAgent;
    private bool _isStarted;

    /// <summary>Where the hosts of all tests keep their compiled scripts.</summary>
    internal string ScriptCache => Path.Combine(_directory, "scripts");

    /// <summary>The names of the hosts on which ports bind; a DHCP agent takes one of them.</summary>
    internal static IReadOnlyList<string> Hosts { get; } = ["lab-1", "lab-2"];

    internal RabbitBroker Broker { get; private set; } = null!;

    internal NeutronServer Server { get; private set; } = null!;

    internal NeutronApi Api { get; private set; } = null!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Returns when everything is up and an L2 agent is alive on each host.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!_isStarted)
            {
                await StartAllAsync(cancellationToken);
                _isStarted = true;
            }
        }
        finally
        {
            _ = _starting.Release();
        }
    }

    /// <summary>Neutron's metadata agent, started by the first test that asks for it.</summary>
    internal async Task<MetadataAgent> StartMetadataAgentAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return _metadataAgent ??= await MetadataAgent.StartAsync(_lab!, Broker.TransportUrl, cancellationToken);
        }
        finally
        {
            _ = _starting.Release();
        }
    }

    /// <summary>What the L2 agent could not do, and the end of neutron-server's log, for a failed test's message.</summary>
    internal async Task<string> ReadLogsAsync(CancellationToken cancellationToken) =>
        $"""
        L2 agent: {await LogTail.ReadAsync(Path.Combine(_directory, "l2.log"), cancellationToken)}
        neutron-server: {await LogTail.ReadAsync(Path.Combine(_directory, "neutron", "server.log"), cancellationToken)}
        """;

    /// <summary>A condition that is not asked again at once: each answer costs neutron-server tens of milliseconds.</summary>
    internal static Func<Task<bool>> AskSlowly(Func<Task<bool>> condition, CancellationToken cancellationToken) => async () =>
    {
        if (await condition())
        {
            return true;
        }
        await Task.Delay(AskInterval, TimeProvider.System, cancellationToken);
        return false;
    };

    public async ValueTask DisposeAsync()
    {
        if (_l2Agent is not null)
        {
            // It takes its bridges away.
            _ = await _l2Agent.TerminateAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
        }
        if (_metadataAgent is not null)
        {
            await _metadataAgent.DisposeAsync();
        }
        if (Server is not null)
        {
            await Server.KillAsync(CancellationToken.None);
        }
        if (Broker is not null)
        {
            await Broker.DisposeAsync();
        }
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
        Api?.Dispose();
        _starting.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        _lab = new LinuxLab();
        var database = new MariaDbServer();
        var broker = RabbitBroker.StartAsync(_lab, cancellationToken);
        await database.StartAsync(_lab, Directory.CreateDirectory(Path.Combine(_directory, "mariadb")).FullName, cancellationToken);
        Broker = await broker;
        Server = new NeutronServer(
            _lab, Directory.CreateDirectory(Path.Combine(_directory, "neutron")).FullName, Broker.TransportUrl, database.Url);
        await Server.CreateTablesAsync(cancellationToken);
        await Server.StartAsync(cancellationToken);
        Api = new NeutronApi(Server.Url);

        var script = Path.Combine(AppContext.BaseDirectory, "Lab", "l2_agent.py");
        _l2Agent = await _lab.SpawnAsync(
            null,
            new SpawnSpec("/usr/bin/python3", [script, Broker.TransportUrl, .. Hosts]) { OutputFile = Path.Combine(_directory, "l2.log") },
            cancellationToken);
        await WaitReadyAsync(cancellationToken);
    }

    /// <summary>Waits until the L2 agents are alive after now, so that RPC works both ways.</summary>
    internal Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        // The server's clock, whole seconds.
        var now = TimeProvider.System.GetUtcNow().AddSeconds(-1).UtcDateTime;
        return Eventually.TrueAsync(
            AskSlowly(
                async () => (await Api.ListAgentsAsync(cancellationToken)).Count(
                    agent => agent is { AgentType: "Linux bridge agent", Alive: true } && agent.HeartbeatTimestamp > now) == Hosts.Count,
                cancellationToken),
            TimeSpan.FromMinutes(2), cancellationToken, "the L2 agents are alive");
    }
}
