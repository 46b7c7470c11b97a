using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>Hard limits, which refuse clearly and leave nothing half made.</summary>
public sealed class LimitTests : EndToEndTest
{
    public LimitTests()
        : base("""
            [limits]
            networks = 2
            """)
    {
    }

    [Fact]
    public async Task A_network_beyond_the_limit_is_refused_by_its_name_and_served_when_another_goes()
    {
        NetworkId[] ids = [.. Enumerable.Range(0, 3).Select(_ => Host.NewNetworkId())];
        foreach (var id in ids)
        {
            Host.WriteNetwork(id, Host.NetworkToml());
        }

        await Host.StartSyncedAsync(Token);

        NetworkStatus[] statuses = [];
        await Eventually.TrueAsync(
            async () => (statuses = await Host.TryGetAsync<NetworkStatus[]>("/v1/networks", Token) ?? []).Count(one => one.Phase == NetworkPhase.Ready) == 2
                && statuses.Count(one => one.Phase == NetworkPhase.Refused) == 1,
            HostProcess.Deadline, Token);
        var refused = statuses.Single(one => one.Phase == NetworkPhase.Refused);
        Assert.Contains("limits.networks is 2", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Host.Servers(refused.Id));
        Assert.False(Lab.Namespaces.Exists($"qdhcp-{refused.Id}"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Host.StateDirectory, refused.Id.Value, SearchOption.AllDirectories));
        Assert.Equal(2, Host.Servers().Count);
        _ = await Host.WaitForEventAsync("limit.reached", item => item.NetworkId == refused.Id, Token);
        Assert.Matches("""dhcphost_limit_refusals_total\{[^}]*limit="networks"[^}]*\} [1-9]""", await Host.MetricsAsync(Token));

        var (goes, stays) = (statuses.First(one => one.Phase == NetworkPhase.Ready).Id, statuses.Last(one => one.Phase == NetworkPhase.Ready).Id);
        var untouched = Host.Servers(stays);
        Host.DeleteNetwork(goes);

        _ = await Host.WaitForPhaseAsync(refused.Id, NetworkPhase.Ready, Token);
        _ = Assert.Single(Host.Servers(refused.Id));
        await Eventually.TrueAsync(() => Host.Servers(goes).Count == 0 && !Lab.Namespaces.Exists($"qdhcp-{goes}"), HostProcess.Deadline, Token);
        Assert.Equal(untouched, Host.Servers(stays));
    }
}
