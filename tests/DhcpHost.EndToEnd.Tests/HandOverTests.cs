using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>A network goes from one DHCP driver to the next, and its clients keep what they have.</summary>
public sealed class HandOverTests : EndToEndTest
{
    private const string Reserved = "fa:16:3e:77:00:01";

    [Fact]
    public async Task Clients_keep_their_addresses_from_dnsmasq_to_inprocess_to_Kea_and_back()
    {
        Host.AddKea();
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Toml("dnsmasq"));
        await Host.StartSyncedAsync(Token);
        using var known = await AddStationAsync(Host.Bridge, Reserved);
        await using var knownClient = new UdhcpcClient(Lab, known);
        using var stranger = await AddStationAsync(Host.Bridge);
        await using var strangerClient = new UdhcpcClient(Lab, stranger);
        Assert.Equal(IPAddress.Parse("10.77.0.101"), (await knownClient.LeaseAsync(Token)).Address);
        var given = (await strangerClient.LeaseAsync(Token)).Address;

        foreach (var driver in new[] { "inprocess", "kea", "dnsmasq", "kea" })
        {
            Host.WriteNetwork(id, Toml(driver));
            await Eventually.TrueAsync(
                async () =>
                    await Host.StatusAsync(id, Token) is { IsInSync: true, Phase: NetworkPhase.Ready } status && status.Drivers?.Dhcp == new DriverId(driver),
                HostProcess.Deadline, Token, driver);

            var leases = await Host.TryGetAsync<Lease[]>($"/v1/networks/{id}/leases", Token);
            Assert.Contains(leases!, lease => given!.Equals(lease.Address));
            foreach (var (client, address) in new[] { (knownClient, IPAddress.Parse("10.77.0.101")), (strangerClient, given) })
            {
                var renewed = await client.RenewAsync(Token);
                Assert.True(renewed is { IsBound: true } && renewed.Address!.Equals(address), $"{driver}: {renewed?.Reason} {renewed?.Address}, not {address}");
            }
        }
    }

    private string Toml(string driver) => $"dhcp_driver = \"{driver}\"\n{Host.NetworkToml()}";
}
