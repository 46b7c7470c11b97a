using System.Diagnostics;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>A state directory without space.</summary>
public sealed class DiskFullTests : EndToEndTest
{
    private const string Limits = """
        [limits]
        retry_delay_min = "100ms"
        retry_delay_max = "1s"
        retry_attempts = 1000
        """;

    public DiskFullTests()
        : base(Limits)
    {
    }

    // So many that their files do not fit into what a full file system may have left somewhere.
    private const int Reservations = 150;

    private string Ballast => Path.Combine(Host.StateDirectory, "ballast");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _ = Directory.CreateDirectory(Host.StateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=6m,mode=0700", "tmpfs", Host.StateDirectory);
    }

    public override async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "--lazy", Host.StateDirectory);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_full_disk_is_shown_stops_neither_host_nor_servers_and_is_over_when_there_is_space_again()
    {
        var (quiet, changed) = (Host.NewNetworkId(), Host.NewNetworkId());
        Host.WriteNetwork(quiet, Host.NetworkToml());
        Host.WriteNetwork(changed, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(quiet, NetworkPhase.Ready, Token);
        _ = await Host.WaitForPhaseAsync(changed, NetworkPhase.Ready, Token);
        var servers = Host.Servers();
        var process = Host.ProcessId;

        await FillAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                // Each of these is an event, which the state file is to keep.
                await Host.RunAsync(Token, "resync", quiet.Value);
                return (await Host.EngineAsync(Token))?.StateProblem is not null;
            },
            HostProcess.Deadline, Token, "the state problem is shown");
        Assert.Contains("state.db cannot be written", (await Host.EngineAsync(Token))!.StateProblem, StringComparison.Ordinal);
        Assert.Contains("state.db cannot be written", await Host.RunAsync(Token, "status", "--json"), StringComparison.Ordinal);

        // A change that needs new files is tried again and again, and the server serves on what it has.
        Host.WriteNetwork(changed, Host.NetworkToml(Reservations));
        var failing = await Host.WaitForPhaseAsync(changed, NetworkPhase.Retrying, Token);
        Assert.Contains("No space left on device", failing.Message, StringComparison.Ordinal);
        Assert.Equal(servers, Host.Servers());
        _ = await Host.WaitForPhaseAsync(quiet, NetworkPhase.Ready, Token);

        File.Delete(Ballast);

        await Eventually.TrueAsync(async () => await Host.EngineAsync(Token) is { StateProblem: null }, HostProcess.Deadline, Token);
        await Eventually.TrueAsync(
            async () =>
                await Host.StatusAsync(changed, Token) is { IsInSync: true, Phase: NetworkPhase.Ready, Ports: >= Reservations }, HostProcess.Deadline, Token);
        Assert.Equal(process, Host.ProcessId);
        servers = Host.Servers();
        Assert.Equal(2, servers.Count);

        // What happened meanwhile was written after all: the next host adopts both.
        await Host.KillAsync(Token);
        await Host.StartSyncedAsync(Token);
        Assert.Equal(2, (await Host.EngineAsync(Token))!.AdoptedServers);
        Assert.Equal(servers, Host.Servers());
    }

    private async Task FillAsync()
    {
        await using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                await ballast.WriteAsync(block, Token);
            }
        }
        catch (IOException)
        {
            // ENOSPC: not a byte more.
        }
    }

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}");
    }
}
