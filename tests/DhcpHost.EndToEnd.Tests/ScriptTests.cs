using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Scripts;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>Policy scripts that are edited while the host runs, well and badly.</summary>
public sealed class ScriptTests : EndToEndTest
{
    private const string ServerOptions = "policies/server-options";
    private const string AdmitNetwork = "policies/admit-network";
    private const string Unchanged = "Decide(context => context.Default);";

    private const string ShortLeases = """
        Decide(context => context.Network.Name == "Guests"
            ? context.Default with { LeaseTime = TimeSpan.FromMinutes(7) }
            : context.Default);
        """;

    private static readonly TimeSpan ShortLease = TimeSpan.FromMinutes(7);

    [Fact]
    public async Task A_changed_policy_reaches_the_next_client_and_leaves_networks_alone_whose_options_stay()
    {
        Host.WriteScript(ServerOptions, Unchanged);
        var (guests, office) = await StartTwoAsync();
        Assert.Equal(TimeSpan.FromDays(1), await NewLeaseTimeAsync());
        var untouched = Host.Servers(office);

        Host.WriteScript(ServerOptions, ShortLeases);

        var decided = await Host.WaitForEventAsync("policy.decided", item => item.NetworkId == guests, Token);
        Assert.Contains("server-options", decided.Message, StringComparison.Ordinal);
        _ = await Host.WaitForPhaseAsync(guests, NetworkPhase.Ready, Token);
        Assert.Equal(ShortLease, await NewLeaseTimeAsync());
        _ = await Host.WaitForPhaseAsync(office, NetworkPhase.Ready, Token);
        Assert.Equal(untouched, Host.Servers(office));
        Assert.DoesNotContain(
            await Host.EventsAsync(Token),
            item => item.NetworkId == office && item.Kind is "server.restarted" or "server.reloaded" or "policy.decided");
    }

    [Fact]
    public async Task A_script_that_does_not_compile_leaves_the_last_good_one_in_force_and_says_where_it_is_wrong()
    {
        Host.WriteScript(ServerOptions, ShortLeases);
        var (guests, _) = await StartTwoAsync();
        var servers = Host.Servers();

        Host.WriteScript(ServerOptions, "// Shorter still.\n" + ShortLeases.Replace("LeaseTime", "LeaseTme", StringComparison.Ordinal));

        var script = await Eventually.NotNullAsync(
            async () =>
                (await Host.TryGetAsync<ScriptStatus[]>("/v1/scripts", Token))?.FirstOrDefault(one => one is { Name: "server-options", IsCurrent: false }),
            HostProcess.Deadline, Token);
        const string Place = "server-options.csx:3:30";
        Assert.Contains(
            script.Problems, problem => problem.Contains(Place, StringComparison.Ordinal) && problem.Contains("LeaseTme", StringComparison.Ordinal));
        Assert.Contains(Place, (await Host.WaitForEventAsync("script.rejected", _ => true, Token)).Message, StringComparison.Ordinal);
        Assert.Contains("LeaseTme", await Host.RunAsync(Token, "scripts"), StringComparison.Ordinal);
        Assert.Equal(ShortLease, await NewLeaseTimeAsync());
        Assert.Equal(servers, Host.Servers());

        // What the last good content decided is what a restarted server is told, too.
        await Host.RunAsync(Token, "resync", guests.Value);
        _ = await Host.WaitForPhaseAsync(guests, NetworkPhase.Ready, Token);
        Assert.Equal(servers, Host.Servers());
    }

    [Fact]
    public async Task A_runaway_policy_is_contained_and_its_networks_are_served_all_the_same()
    {
        // It passes the examples that every script is tried on, and runs away on this network alone.
        Host.WriteScript(AdmitNetwork, """
            Decide(context =>
            {
                while (context.Network.Name == "Guests");
                return AdmitDecision.Admit;
            });
            """);

        var (guests, office) = await StartTwoAsync();

        var failed = await Host.WaitForEventAsync("policy.failed", item => item.Message.Contains("admit-network", StringComparison.Ordinal), Token);
        Assert.Equal(EventSeverity.Warning, failed.Severity);
        var script = (await Host.TryGetAsync<ScriptStatus[]>("/v1/scripts", Token))!.Single(one => one.Name == "admit-network");
        Assert.True(script.Failures > 0);
        Assert.NotEmpty(script.Problems);
        Assert.NotNull(await NewLeaseTimeAsync());

        // Networks that come later are decided upon in time, whatever the script did before.
        var third = Host.NewNetworkId();
        Host.WriteNetwork(third, Host.NetworkToml());
        foreach (var id in new[] { guests, office, third })
        {
            _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
            _ = Assert.Single(Host.Servers(id));
        }
    }

    [Fact]
    public async Task A_policy_that_always_runs_away_is_not_put_in_force_when_it_is_saved()
    {
        Host.WriteScript(ServerOptions, ShortLeases);
        _ = await StartTwoAsync();
        var servers = Host.Servers();

        Host.WriteScript(ServerOptions, "Decide(context => { while (true); });");

        var rejected = await Host.WaitForEventAsync("script.rejected", _ => true, Token);
        Assert.Contains("server-options", rejected.Message, StringComparison.Ordinal);
        Assert.Equal(ShortLease, await NewLeaseTimeAsync());
        Assert.Equal(servers, Host.Servers());
    }

    [Fact]
    public async Task A_network_that_the_site_refuses_is_shown_so_with_the_reason_and_served_when_the_site_changes_its_mind()
    {
        Host.WriteScript(AdmitNetwork, """
            Decide(context => context.Network.Name == "Guests" ? AdmitDecision.Refuse("guests are served elsewhere") : AdmitDecision.Admit);
            """);
        var (guests, office) = WriteTwo();
        await Host.StartSyncedAsync(Token);

        var status = await Host.WaitForPhaseAsync(guests, NetworkPhase.Refused, Token);
        Assert.Equal("guests are served elsewhere", status.Message);
        var decided = await Host.WaitForEventAsync("policy.decided", item => item.NetworkId == guests, Token);
        Assert.Contains("guests are served elsewhere", decided.Message, StringComparison.Ordinal);
        var refused = await Host.WaitForEventAsync("network.refused", item => item.NetworkId == guests, Token);
        Assert.Equal((EventSeverity.Warning, "guests are served elsewhere"), (refused.Severity, refused.Message[^"guests are served elsewhere".Length..]));
        Assert.Empty(Host.Servers(guests));
        Assert.False(Lab.Namespaces.Exists($"qdhcp-{guests}"));
        _ = await Host.WaitForPhaseAsync(office, NetworkPhase.Ready, Token);

        Host.WriteScript(AdmitNetwork, "Decide(context => AdmitDecision.Admit);");

        _ = await Host.WaitForPhaseAsync(guests, NetworkPhase.Ready, Token);
        Assert.NotNull(await NewLeaseTimeAsync());
    }

    private (NetworkId Guests, NetworkId Office) WriteTwo()
    {
        var (guests, office) = (Host.NewNetworkId(), Host.NewNetworkId());
        Host.WriteNetwork(guests, "name = \"Guests\"\n" + Host.NetworkToml());
        Host.WriteNetwork(
            office, "name = \"Office\"\n" + Host.NetworkToml().Replace($"\"{Host.Bridge}\"", $"\"{Lab.NewName("c")}\"", StringComparison.Ordinal));
        return (guests, office);
    }

    private async Task<(NetworkId Guests, NetworkId Office)> StartTwoAsync()
    {
        var (guests, office) = WriteTwo();
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(guests, NetworkPhase.Ready, Token);
        _ = await Host.WaitForPhaseAsync(office, NetworkPhase.Ready, Token);
        return (guests, office);
    }

    /// <summary>What a client that nobody knows is told by the network Guests.</summary>
    private async Task<TimeSpan?> NewLeaseTimeAsync()
    {
        using var station = await AddStationAsync(Host.Bridge);
        await using var client = new UdhcpcClient(Lab, station);
        return (await client.LeaseAsync(Token)).LeaseTime;
    }
}
