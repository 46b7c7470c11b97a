using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>Neutron's own metadata agent behind a socket, with something that stands where Nova's metadata API stands behind it.</summary>
internal sealed class MetadataAgent : IAsyncDisposable
{
    /// <summary>What instance ids are signed with.</summary>
    public const string Secret = "sesame";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-md-").FullName;
    private ServerProcess? _process;

    private MetadataAgent() =>
        // HAProxy reaches the socket without being root.
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);

    public string Socket => Path.Combine(_directory, "metadata_proxy");

    /// <summary>Nova's side: what was asked, and what is answered.</summary>
    public RecordingUpstream Nova { get; } = RecordingUpstream.OnPort();

    /// <summary>Returns when it answers; the lab ends it.</summary>
    public static async Task<MetadataAgent> StartAsync(LinuxLab lab, string transportUrl, CancellationToken cancellationToken)
    {
        var agent = new MetadataAgent();
        var log = Path.Combine(agent._directory, "log");
        var config = Path.Combine(agent._directory, "metadata_agent.ini");
        await File.WriteAllTextAsync(config, agent.Config(transportUrl), cancellationToken);
        agent._process = await lab.SpawnAsync(
            null, new SpawnSpec("/usr/bin/neutron-metadata-agent", ["--config-file", config]) { OutputFile = log }, cancellationToken);
        await Eventually.TrueAsync(
            () => File.Exists(agent.Socket) || agent._process.HasExited, StartDeadline, cancellationToken, "neutron-metadata-agent listens");
        Assert.False(agent._process.HasExited, await LogTail.ReadAsync(log, cancellationToken));
        return agent;
    }

    public Task<string> ReadLogAsync(CancellationToken cancellationToken) => LogTail.ReadAsync(Path.Combine(_directory, "log"), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _ = await _process.TerminateAsync(TimeSpan.Zero, CancellationToken.None);
        }
        await Nova.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private string Config(string transportUrl) => $"""
        [DEFAULT]
        transport_url = {transportUrl}
        host = lab
        state_path = {_directory}
        metadata_proxy_socket = {Socket}
        metadata_proxy_socket_mode = all
        metadata_proxy_shared_secret = {Secret}
        metadata_workers = 0
        nova_metadata_host = 127.0.0.1
        nova_metadata_port = {Nova.Port}

        [oslo_concurrency]
        lock_path = {_directory}/lock

        """;
}
