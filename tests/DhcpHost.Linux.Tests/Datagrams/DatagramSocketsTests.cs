using DhcpHost.Linux.Datagrams;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Datagrams;

public sealed class DatagramSocketsTests : IAsyncDisposable
{
    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_is_free_at_once_when_its_socket_is_closed_also_while_programs_are_started()
    {
        const int rounds = 2000;
        using var station = await new LabNetwork(_lab).AddStationAsync(Token);
        var sockets = new DatagramSockets(_lab.Broker);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var starting = StartProgramsAsync(stop.Token);

        for (var round = 0; round < rounds; round++)
        {
            var link = await sockets.OpenAsync(station.Namespace, "eth0", [new(DatagramKind.Udp4, 67), new(DatagramKind.Udp6, 547)], Token);
            foreach (var socket in link.Sockets)
            {
                socket.Dispose();
            }
        }

        await stop.CancelAsync();
        Assert.True(await starting > 0);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    /// <summary>One program after the other: each has the process's descriptors for a moment.</summary>
    private async Task<int> StartProgramsAsync(CancellationToken stop)
    {
        using var watcher = new ProcessWatcher();
        var spawner = new ProcessSpawner(_lab.Broker, watcher);
        var started = 0;
        for (; !stop.IsCancellationRequested; started++)
        {
            var result = await spawner.RunToEndAsync(null, new("/bin/true", []), Eventually.DefaultDeadline, 0, CancellationToken.None);
            Assert.True(result.IsSuccess);
        }

        return started;
    }
}
