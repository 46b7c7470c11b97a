using System.Net;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>udhcpc and dhclient -6 beside the clients of a load: what they are told by real servers is judged by real clients.</summary>
internal sealed class RealClients(LinuxLab lab) : IAsyncDisposable
{
    private readonly List<(UdhcpcClient Client, IPAddress Address)> _v4 = [];
    private readonly List<(LabStation Station, IPAddress Address)> _v6 = [];
    private readonly List<LabStation> _stations = [];

    /// <summary>Starts a udhcpc in each of some stations and a dhclient -6 in each of others, and waits until they have their leases.</summary>
    public static async Task<RealClients> StartAsync(LinuxLab lab, LabStation[] v4, LabStation[] v6, CancellationToken cancellationToken)
    {
        var clients = new RealClients(lab);
        clients._stations.AddRange([.. v4, .. v6]);
        foreach (var station in v4)
        {
            var client = new UdhcpcClient(lab, station);
            clients._v4.Add((client, (await client.LeaseAsync(cancellationToken)).Address!));
        }

        foreach (var station in v6)
        {
            await station.WaitForLinkLocalAsync(cancellationToken);
            clients._v6.Add((station, await clients.LeaseAsync(station, cancellationToken)));
        }

        return clients;
    }

    /// <summary>
    /// Has each ask for what it has: udhcpc renews; dhclient, which does not renew when it is told to, is started anew and knows nothing but its DUID.
    /// </summary>
    public async Task KeepTheirAddressesAsync(string driver, CancellationToken cancellationToken)
    {
        foreach (var (client, address) in _v4)
        {
            var renewed = await client.RenewAsync(cancellationToken);
            Assert.True(renewed is { IsBound: true } && renewed.Address!.Equals(address), $"{driver}: {renewed?.Reason} {renewed?.Address}, not {address}");
        }

        foreach (var (station, address) in _v6)
        {
            Assert.Equal(address, await LeaseAsync(station, cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (client, _) in _v4)
        {
            await client.DisposeAsync();
        }

        _stations.ForEach(station => station.Dispose());
    }

    private async Task<IPAddress> LeaseAsync(LabStation station, CancellationToken cancellationToken)
    {
        await using var client = new DhclientClient(lab, station, DhclientMode.V6Stateful, "", ["-D", "LL"]);
        return (await client.LeaseAsync(cancellationToken)).Address!;
    }
}
