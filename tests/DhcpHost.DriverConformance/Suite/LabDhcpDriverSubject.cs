using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>A driver whose servers are processes in namespaces: each interface is in one of its own, on a bridge that clients connect to.</summary>
public abstract class LabDhcpDriverSubject : DhcpDriverSubject
{
    private readonly Dictionary<string, LabNetwork> _networks = new(StringComparer.Ordinal);
    private readonly List<LabStation> _stations = [];

    /// <summary>The machine.</summary>
    public LinuxLab Lab { get; } = new();

    /// <summary>The wire that an interface is on.</summary>
    public LabNetwork NetworkOf(InterfaceBinding binding)
    {
        ArgumentNullException.ThrowIfNull(binding);
        return _networks[binding.Namespace];
    }

    /// <inheritdoc/>
    public override async Task<InterfaceBinding> NewInterfaceAsync(IReadOnlyList<IPInterfaceAddress> addresses, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(LinuxLab.IsRoot, "needs root: it makes namespaces");
        var network = new LabNetwork(Lab);
        var station = await network.AddStationAsync(cancellationToken, linkName: "tap0");
        _stations.Add(station);
        await Lab.Namespaces.WriteSysctlAsync(station.Namespace, "net/ipv6/conf/tap0/accept_dad", "0", cancellationToken);
        station.Netlink.Execute(batch =>
        {
            foreach (var address in addresses)
            {
                _ = batch.AddAddress(new(station.Link.Index, address.Address, address.PrefixLength));
            }
        });
        await Eventually.TrueAsync(
            () => station.Netlink.ListAddresses(station.Link.Index).All(address => !address.IsTentative), cancellationToken: cancellationToken);
        _networks[station.Namespace.Name] = network;
        return new()
        {
            Namespace = station.Namespace.Name,
            Device = "tap0",
            MacAddress = station.Netlink.GetLink("tap0").Mac ?? default,
            Addresses = addresses.ToEquatableArray(),
        };
    }

    /// <summary>A client's machine on the wire of an interface.</summary>
    public async Task<LabStation> NewStationAsync(InterfaceBinding binding, CancellationToken cancellationToken, MacAddress? mac = null)
    {
        var station = await NetworkOf(binding).AddStationAsync(cancellationToken, mac);
        _stations.Add(station);
        return station;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _stations.ForEach(station => station.Dispose());
        await Lab.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
