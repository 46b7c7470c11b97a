using System.Diagnostics;

namespace DhcpHost.Tests.Hosting;

/// <summary>The host and a real dnsmasq: it runs on when the host goes, is adopted by the next, and ends only when that is asked for.</summary>
public sealed class ServerSurvivalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_outlives_the_host_is_adopted_as_it_is_and_ends_with_stop_servers()
    {
        var mark = $"hl{Environment.ProcessId % 100_000}";
        await using var host = new HostChild();
        host.Configure($"[drivers.bridge]\ncreate_bridges = true\nnamespace_prefix = '{mark}-'\n[drivers.dnsmasq]\n[sources.files]\n", HostChild.Plugins);
        await File.WriteAllTextAsync(
            Path.Combine(
                host.Root,
                "networks",
                "one.toml"), $"bridge = '{mark}'\n[[subnets]]\ncidr = '10.9.0.0/24'\npools = [{{ start = '10.9.0.9', end = '10.9.0.99' }}]\n", Token);
        try
        {
            await host.StartReadyAsync(Token);
            await host.SaysAsync("network.ready", Token);
            var server = Assert.Single(FindServers(host.Root));

            await host.SignalAsync("TERM", Token);
            Assert.Equal(0, await host.ExitAsync(Token));
            Assert.Equal([server], FindServers(host.Root));

            await host.StartReadyAsync(Token);
            await host.SaysAsync("engine.started: 1 servers adopted", Token);
            Assert.Equal([server], FindServers(host.Root));
            await host.SignalAsync("TERM", Token);
            Assert.Equal(0, await host.ExitAsync(Token));

            // Told to stop while it starts: it has to find the server before it can end it.
            host.Start("--stop-servers");
            await host.SaysAsync($"starts as process {host.Id}", Token);
            await host.SignalAsync("TERM", Token);
            Assert.Equal(0, await host.ExitAsync(Token));
            await host.SaysAsync("Asked to stop: what an earlier run left is found first", Token);
            await host.SaysAsync("2 servers and interfaces ended", Token);
            Assert.Empty(FindServers(host.Root));
        }
        finally
        {
            FindServers(host.Root).ForEach(id => Process.GetProcessById(id).Kill());
            await RunAsync("ip", "netns", "delete", $"{mark}-one");
            await RunAsync("ip", "link", "delete", mark);
        }
    }

    /// <summary>Processes of dnsmasq whose files are below a directory.</summary>
    private static List<int> FindServers(string root) => [.. Process.GetProcessesByName("dnsmasq")
        .Where(process => CommandLine(process.Id).Contains(root, StringComparison.Ordinal)).Select(process => process.Id)];

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
