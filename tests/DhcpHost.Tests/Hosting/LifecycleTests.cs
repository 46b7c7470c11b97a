namespace DhcpHost.Tests.Hosting;

public sealed class LifecycleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_gets_ready_answers_on_its_socket_lives_and_stops_in_order()
    {
        await using var host = new HostChild();
        await host.StartReadyAsync(Token);
        Assert.True(File.Exists(host.SocketPath));
        await host.SaysAsync("Option [host] name = ", Token);
        await host.SaysAsync("host.ready: DhcpHost ", Token);
        Assert.DoesNotContain(host.Lines, line => line.Contains("Option [limits]", StringComparison.Ordinal));
        await Testing.Eventually.TrueAsync(() => host.Notices.Contains("WATCHDOG=1"), cancellationToken: Token);

        await host.SignalAsync("TERM", Token);
        Assert.Equal(0, await host.ExitAsync(Token));
        await host.SaysAsync("Stopping, asked by SIGTERM", Token);
        await host.NotifiesAsync("STOPPING=1", Token);
        Assert.False(File.Exists(host.SocketPath));
    }

    [Fact]
    public async Task A_wrong_host_toml_ends_it_with_78_and_every_error_with_its_place()
    {
        await using var host = new HostChild();
        host.Configure("tpc = '1'\n[limits]\nnetworks = 'many'\n");
        host.Start();
        Assert.Equal(78, await host.ExitAsync(Token));
        await host.SaysAsync($"dhcphost: {host.ConfigPath}:9:1: management.tpc: unknown key; did you mean `tcp`?", Token);
        await host.SaysAsync($"dhcphost: {host.ConfigPath}:11:12: limits.networks:", Token);
    }

    [Fact]
    public async Task A_table_of_a_driver_that_no_plugin_is_ends_it_with_78()
    {
        await using var host = new HostChild();
        host.Configure("[drivers.dnsmask]\n");
        host.Start();
        Assert.Equal(78, await host.ExitAsync(Token));
        await host.SaysAsync($"{host.ConfigPath}:9:", Token);
        await host.SaysAsync("dnsmask", Token);
    }

    [Fact]
    public async Task A_second_instance_is_refused_with_the_pid_of_the_first_and_a_killed_one_is_followed_by_the_next()
    {
        await using var host = new HostChild();
        await host.StartReadyAsync(Token);
        var first = host.Id;
        host.Start();
        Assert.Equal(75, await host.ExitAsync(Token));
        await host.SaysAsync($"another instance runs: process {first}", Token);

        using (var running = System.Diagnostics.Process.GetProcessById(first))
        {
            running.Kill();
            await running.WaitForExitAsync(Token);
        }

        await host.StartReadyAsync(Token);
        await host.SignalAsync("INT", Token);
        Assert.Equal(0, await host.ExitAsync(Token));
    }

    [Fact]
    public async Task A_reload_takes_over_what_it_can_says_what_waits_and_refuses_what_is_wrong()
    {
        await using var host = new HostChild();
        await host.StartReadyAsync(Token);

        host.Configure("[limits]\nnetworks = 7\n[jobs.drift-audit]\nevery = '7m'\n[logging]\nlevel = 'debug'\n");
        await host.SignalAsync("HUP", Token);
        await host.SaysAsync("host.toml was taken over: in force: logging, limits, jobs (drift-audit)", Token);
        await host.NotifiesAsync("RELOADING=1\nMONOTONIC_USEC=", Token);
        await host.NotifiesAsync(HostChild.Ready, Token, times: 2);

        host.Configure("[limits]\nnetwork = 8\n");
        await host.SignalAsync("HUP", Token);
        await host.SaysAsync(
            $"host.toml was not taken over, the old one stays in force: {host.ConfigPath}:10:1: limits.network: unknown key; did you mean `networks`?", Token);
        await host.NotifiesAsync(HostChild.Ready, Token, times: 3);

        host.Configure("[drivers.nothing]\n");
        await host.SignalAsync("HUP", Token);
        await host.SaysAsync($"the old one stays in force: {host.ConfigPath}:9:1: drivers.nothing: there is no driver plugin 'nothing'", Token);
        await host.NotifiesAsync(HostChild.Ready, Token, times: 4);

        host.Configure("[engine]\nparallelism = 3\n[limits]\nnetworks = 7\n[jobs.drift-audit]\nevery = '7m'\n[logging]\nlevel = 'debug'\n");
        await host.SignalAsync("HUP", Token);
        await host.SaysAsync("at the next start: engine", Token);
        await host.NotifiesAsync(HostChild.Ready, Token, times: 5);
    }

    [Fact]
    public async Task A_stop_during_the_start_stops_it()
    {
        await using var host = new HostChild();
        host.Start();
        await host.SaysAsync("starts as process", Token);
        await host.SignalAsync("TERM", Token);
        Assert.Equal(0, await host.ExitAsync(Token));
    }
}
