using System.Diagnostics;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Tests.Conformance;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Server;

/// <summary>Servers whose directory takes no more files: a file system that is full, or that an error made read-only.</summary>
public sealed class UnwritableDirectoryTests : IAsyncLifetime
{
    private DnsmasqSubject? _subject;
    private string _mounted = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DnsmasqSubject Subject => _subject!;

    public ValueTask InitializeAsync()
    {
        _subject = new();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_mounted.Length > 0)
        {
            await RunAsync("umount", "--lazy", _mounted);
        }

        await Subject.DisposeAsync();
    }

    [Fact]
    public Task A_server_is_not_ended_for_one_that_could_not_write_its_files() =>
        RunsOnAsync(
            async directory =>
            {
                await RunAsync("mount", "--bind", directory, directory);
                await RunAsync("mount", "--options", "remount,bind,ro", directory);
            },
            "Read-only file system");

    [Fact]
    public Task A_server_is_not_ended_for_one_that_would_find_no_room() =>
        RunsOnAsync(
            async directory =>
            {
                var files = new DirectoryInfo(directory).EnumerateFiles().ToDictionary(file => file.Name, file => File.ReadAllBytes(file.FullName));
                var mode = Convert.ToString((int)File.GetUnixFileMode(directory), 8);
                await RunAsync("mount", "-t", "tmpfs", "-o", $"size=128k,mode={mode}", "tmpfs", directory);
                foreach (var (name, content) in files)
                {
                    await File.WriteAllBytesAsync(Path.Combine(directory, name), content, Stop);
                }

                // All but a page, so that small files still fit.
                await File.WriteAllBytesAsync(Path.Combine(directory, "ballast"), new byte[FreeSpaceOf(directory) - 4096], Stop);
            },
            "No space left on device");

    private async Task RunsOnAsync(Func<string, Task> spoilAsync, string reason)
    {
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), null, SamplePlans.Port(7));
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var server = Assert.Single(Subject.ProcessesOf(plan.Server));
        _mounted = Subject.PathsOf(plan.Server).Directory;
        await spoilAsync(_mounted);

        // It is on the command line alone: no file has to change.
        var changed = plan with { Network = plan.Network with { Mtu = 1300 } };
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => Subject.Driver.ApplyAsync(changed, handle, Stop));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Equal(ProcessMatch.Same, server.Check());
        Assert.Equal(server, Assert.Single(Subject.ProcessesOf(plan.Server)));

        await RunAsync("umount", _mounted);
        _mounted = "";
        Assert.Equal(ApplyAction.Restarted, (await Subject.Driver.ApplyAsync(changed, handle, Stop)).Action);
    }

    private static long FreeSpaceOf(string directory) => new DriveInfo(directory).AvailableFreeSpace;

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)} ended with {process.ExitCode}");
    }
}
