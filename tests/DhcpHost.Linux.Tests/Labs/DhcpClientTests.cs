using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Netlink;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Labs;

/// <summary>The lab's clients, against a bare dnsmasq: what other tests rely on.</summary>
public sealed class DhcpClientTests : IAsyncDisposable
{
    private static readonly MacAddress Mac = MacAddress.Parse("fa:16:3e:00:00:50");

    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Udhcpc_gets_renews_and_releases_a_lease()
    {
        var network = new LabNetwork(_lab);
        await StartServerAsync(
            network,
            "--dhcp-range=10.77.0.10,10.77.0.20,255.255.255.0,600",
            $"--dhcp-host={Mac},10.77.0.50",
            "--dhcp-option=option:mtu,1400",
            "--dhcp-option=234,text");
        await using var client = new UdhcpcClient(_lab, await network.AddStationAsync(Token, Mac), ["mtu", "234"]);

        var lease = await client.LeaseAsync(Token);
        Assert.Equal("bound", lease.Reason);
        Assert.Equal(IPAddress.Parse("10.77.0.50"), lease.Address);
        Assert.Equal(IPAddress.Parse("10.77.0.2"), lease.ServerIdentifier);
        Assert.Equal(TimeSpan.FromSeconds(600), lease.LeaseTime);
        Assert.Equal("10.77.0.2", lease["router"]);
        Assert.Equal("1400", lease["mtu"]);
        Assert.Equal("74657874", lease["opt234"]);
        Assert.Contains(client.Station.Netlink.ListAddresses(), a => a.Address.Equals(lease.Address));

        var renewed = await client.RenewAsync(Token);
        Assert.Equal(("renew", lease.Address), (renewed?.Reason, renewed?.Address));
        Assert.NotNull(await client.ReleaseAsync(Token));
    }

    [Fact]
    public async Task A_client_on_a_wire_without_server_gets_nothing()
    {
        await using var client = new UdhcpcClient(_lab, await new LabNetwork(_lab).AddStationAsync(Token));
        Assert.Null(await client.RequestAsync(Token, TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public async Task Dhclient_gets_a_lease_of_each_protocol()
    {
        var network = new LabNetwork(_lab);
        await StartServerAsync(
            network, "--dhcp-range=10.77.0.10,10.77.0.20,255.255.255.0,600", "--dhcp-range=2001:db8:77::100,2001:db8:77::1ff,64,600",
            "--dhcp-option=option6:dns-server,[2001:db8:77::2]");
        var station = await network.AddStationAsync(Token, Mac);

        await using var v4 = new DhclientClient(_lab, station, DhclientMode.V4);
        Assert.Equal(IPAddress.Parse("10.77.0.2"), (await v4.LeaseAsync(Token)).ServerIdentifier);

        await station.WaitForLinkLocalAsync(Token);
        await using var v6 = new DhclientClient(_lab, station, DhclientMode.V6Stateful);
        var lease = await v6.LeaseAsync(Token);
        Assert.True(IPNetwork.Parse("2001:db8:77::/64").Contains(lease.Address!), $"{lease.Address}");
        Assert.Equal("2001:db8:77::2", lease["new_dhcp6_name_servers"]);
        Assert.Equal(TimeSpan.FromSeconds(600), lease.LeaseTime);

        await using var stateless = new DhclientClient(_lab, station, DhclientMode.V6Stateless);
        Assert.Equal("2001:db8:77::2", (await stateless.LeaseAsync(Token))["new_dhcp6_name_servers"]);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private async Task StartServerAsync(LabNetwork network, params string[] arguments)
    {
        var station = await network.AddStationAsync(Token);
        station.Netlink.Execute(b => b
            .AddAddress(new LinkAddress(station.Link.Index, IPAddress.Parse("10.77.0.2"), 24))
            .AddAddress(new LinkAddress(station.Link.Index, IPAddress.Parse("2001:db8:77::2"), 64, LinkAddressFlags.NoDad)));
        await station.WaitForLinkLocalAsync(Token);
        _ = await _lab.SpawnAsync(
            station.Namespace,
            new SpawnSpec("/usr/sbin/dnsmasq", [
                "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--dhcp-authoritative", "--leasefile-ro", "--bind-dynamic",
                "--user=root", "--pid-file=", .. arguments]),
            Token);
    }
}
