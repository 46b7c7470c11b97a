using System.Globalization;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Testing.Lab;

/// <summary>
/// A real RabbitMQ (Debian's rabbitmq-server) on free ports of 127.0.0.1, with a node name, a cookie, an epmd and a database of its own: it
/// meets neither the machine's broker nor another test's. It takes about five seconds to start. The user is guest, with the password guest.
/// </summary>
public sealed class RabbitBroker : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(30);

    private readonly LinuxLab _lab;
    private readonly string _directory;
    private readonly int _distributionPort;
    private readonly int _mapperPort;
    private readonly string _plugins;
    private ServerProcess? _mapper;
    private ServerProcess? _node;

    private RabbitBroker(LinuxLab lab, string plugins)
    {
        (_lab, _plugins) = (lab, plugins);
        _directory = Directory.CreateTempSubdirectory("dhcphost-rabbit-").FullName;
        (Port, _distributionPort, _mapperPort) = LoopbackPorts.Take(3) is [var amqp, var distribution, var mapper]
            ? (amqp, distribution, mapper)
            : throw new InvalidOperationException("no ports");
    }

    /// <summary>Where it speaks AMQP; the same after a restart.</summary>
    public int Port { get; }

    /// <summary>As Neutron's <c>transport_url</c> has it.</summary>
    public string TransportUrl => string.Create(CultureInfo.InvariantCulture, $"rabbit://guest:guest@127.0.0.1:{Port}/");

    private string ConfigurationFile => Path.Combine(_directory, "rabbitmq.conf");

    /// <summary>What its node and rabbitmqctl have in common.</summary>
    private Dictionary<string, string> Environment => new()
    {
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ["LANG"] = "C.UTF-8",
        ["HOME"] = _directory,
        ["ERL_EPMD_PORT"] = Text(_mapperPort),
        ["RABBITMQ_NODENAME"] = $"{_lab.Prefix}@localhost",
        ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(_directory, "none"),
    };

    private string LogFile => Path.Combine(_directory, "log");

    /// <summary>Starts a broker with nothing in it.</summary>
    /// <param name="lab">Whose processes it has.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="configuration">The text of its <c>rabbitmq.conf</c>.</param>
    /// <param name="plugins">The names of its plugins, with commas between them.</param>
    public static async Task<RabbitBroker> StartAsync(LinuxLab lab, CancellationToken cancellationToken, string configuration = "", string plugins = "")
    {
        var broker = new RabbitBroker(lab, plugins);
        await File.WriteAllTextAsync(broker.ConfigurationFile, configuration, cancellationToken);
        try
        {
            await broker.StartAsync(cancellationToken);
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again after <see cref="KillAsync"/> or <see cref="StopAsync"/>, with what was durable, and waits until it accepts clients.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var plugins = Path.Combine(_directory, "plugins");
        _node = null;
        await File.WriteAllTextAsync(plugins, $"[{_plugins}].", cancellationToken);
        _mapper ??= await _lab.SpawnAsync(
            null, new SpawnSpec("/usr/bin/epmd", ["-port", Text(_mapperPort), "-address", "127.0.0.1"]), cancellationToken);
        await AnswersAsync(_mapperPort, cancellationToken);

        // The script ends in an exec where systemd runs it, so that the process is the Erlang machine itself: else it would outlive the script.
        _node = await _lab.SpawnAsync(null, new SpawnSpec("/usr/lib/rabbitmq/bin/rabbitmq-server", [])
        {
            OutputFile = LogFile,
            WorkingDirectory = _directory,
            Environment = new Dictionary<string, string>(Environment)
            {
                ["RUNNING_UNDER_SYSTEMD"] = "true",
                ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_NODE_PORT"] = Text(Port),
                ["RABBITMQ_DIST_PORT"] = Text(_distributionPort),
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(_directory, "mnesia"),
                ["RABBITMQ_LOGS"] = "-",
                ["RABBITMQ_PID_FILE"] = Path.Combine(_directory, "pid"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
                ["RABBITMQ_CONFIG_FILE"] = ConfigurationFile,
                ["RABBITMQ_SERVER_START_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            },
        }, cancellationToken);
        await AnswersAsync(Port, cancellationToken);
    }

    /// <summary>Runs rabbitmqctl; fails the test if that fails.</summary>
    public async Task ControlAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var log = Path.Combine(_directory, "control");
        using var process = await _lab.SpawnAsync(
            null, new SpawnSpec("/usr/lib/rabbitmq/bin/rabbitmqctl", arguments)
            {
                OutputFile = log,
                WorkingDirectory = _directory,
                Environment = Environment,
            }, cancellationToken);
        var exit = await process.Exit.WaitAsync(cancellationToken);
        Xunit.Assert.True(exit.Code == 0, await File.ReadAllTextAsync(log, cancellationToken));
    }

    /// <summary>SIGSTOP: its connections stay, and nothing is answered.</summary>
    public void Suspend() => Xunit.Assert.True(_node!.Signal(ProcessSignal.Stop));

    /// <summary>SIGCONT: it goes on.</summary>
    public void Resume() => Xunit.Assert.True(_node!.Signal(ProcessSignal.Continue));

    /// <summary>SIGKILL: its clients' connections break, and what was not durable is gone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken) =>
        _ = await _node!.TerminateAsync(TimeSpan.Zero, cancellationToken);

    /// <summary>SIGTERM: it closes its clients' connections (CONNECTION_FORCED) and ends.</summary>
    public async Task StopAsync(CancellationToken cancellationToken) =>
        _ = await _node!.TerminateAsync(StopGrace, cancellationToken);

    /// <summary>Ends it and deletes what it stored.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _node, _mapper }.OfType<ServerProcess>())
        {
            _ = await process.TerminateAsync(TimeSpan.Zero, CancellationToken.None);
        }
        Directory.Delete(_directory, recursive: true);
    }

    private async Task AnswersAsync(int port, CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(
            async () => await LoopbackPorts.AnswersAsync(port, cancellationToken) || _node is { HasExited: true },
            StartDeadline, cancellationToken, $"the broker answers on port {port}");
        if (_node is { HasExited: true })
        {
            Xunit.Assert.Fail($"the broker ended: {await File.ReadAllTextAsync(LogFile, cancellationToken)}");
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
