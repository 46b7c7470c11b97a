using System.Globalization;
using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>A metadata driver under test, on a machine with wires, instances and an agent.</summary>
public abstract class LabMetadataSubject : IAsyncDisposable
{
    /// <summary>The address that instances ask.</summary>
    public const string Address = "169.254.169.254";

    private readonly Dictionary<string, LabNetwork> _networks = new(StringComparer.Ordinal);
    private readonly List<LabStation> _stations = [];

    /// <summary>Makes its directory and its agent.</summary>
    protected LabMetadataSubject()
    {
        File.SetUnixFileMode(Home, (UnixFileMode)0b111_101_101);
        Agent = RecordingUpstream.OnSocket(AgentSocket);
        File.SetUnixFileMode(AgentSocket, (UnixFileMode)0b110_110_110);
    }

    /// <summary>The machine.</summary>
    public LinuxLab Lab { get; } = new();

    /// <summary>A directory that is gone after the test.</summary>
    public string Home { get; } = Directory.CreateTempSubdirectory("dhcphost-metadata-").FullName;

    /// <summary>Where the agent listens.</summary>
    public string AgentSocket => Path.Combine(Home, "metadata_proxy");

    /// <summary>The agent behind the proxies.</summary>
    public RecordingUpstream Agent { get; }

    /// <summary>The driver of the host that runs now.</summary>
    public abstract IMetadataDriver Driver { get; }

    /// <summary>Ends the host and starts another: <see cref="Driver"/> is a new one.</summary>
    public abstract Task RestartHostAsync();

    /// <summary>A plan for 10.77.0.0/24 and fd77::/64 on a wire of its own, with an instance <c>i7</c> at 10.77.0.7.</summary>
    public async Task<MetadataPlan> NewPlanAsync(string network, CancellationToken cancellationToken, params Port[] ports)
    {
        Assert.SkipUnless(LinuxLab.IsRoot, "needs root: it makes namespaces");
        var wire = new LabNetwork(Lab);
        var station = await wire.AddStationAsync(cancellationToken, linkName: "tap0");
        _stations.Add(station);
        await Lab.Namespaces.WriteSysctlAsync(station.Namespace, "net/ipv6/conf/tap0/accept_dad", "0", cancellationToken);
        IPInterfaceAddress[] addresses =
        [
            .. SamplePlans.ServerAddresses, IPInterfaceAddress.Parse($"{Address}/32", null), IPInterfaceAddress.Parse("fe80::a9fe:a9fe/128", null),
        ];
        station.Netlink.Execute(
            batch => Array.ForEach(addresses, address => _ = batch.AddAddress(new(station.Link.Index, address.Address, address.PrefixLength))));
        await Eventually.TrueAsync(
            () => station.Netlink.ListAddresses(station.Link.Index).All(address => !address.IsTentative), cancellationToken: cancellationToken);
        _networks[station.Namespace.Name] = wire;
        return new()
        {
            Server = new(new(network)),
            Network = new()
            {
                Id = new(network),
                ProjectId = "project",
                Subnets = [SamplePlans.IPv4Subnet, SamplePlans.IPv6Subnet],
                Ports = (ports.Length > 0 ? ports : [Instance(7)]).ToEquatableArray(),
            },
            Interface = new()
            {
                Namespace = station.Namespace.Name,
                Device = "tap0",
                MacAddress = station.Netlink.GetLink("tap0").Mac ?? default,
                Addresses = addresses.ToEquatableArray(),
            },
        };
    }

    /// <summary>The port of the instance <c>i7</c>, with 10.77.0.7 and fa:16:3e:00:00:07.</summary>
    public static Port Instance(int number) => SamplePlans.Port(number) with
    {
        DeviceId = string.Create(CultureInfo.InvariantCulture, $"i{number}"),
        DeviceOwner = "compute:nova",
        ProjectId = "project",
    };

    /// <summary>The machine of an instance, with its addresses and the route that DHCP gives it.</summary>
    public async Task<LabStation> NewInstanceAsync(MetadataPlan plan, int number, CancellationToken cancellationToken)
    {
        var station = await _networks[plan.Interface.Namespace].AddStationAsync(cancellationToken, SamplePlans.Mac(number));
        _stations.Add(station);
        var address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"10.77.0.{number}"));
        station.Netlink.Execute(batch => _ = batch.AddAddress(new(station.Link.Index, address, 24)));
        station.Netlink.Execute(batch => _ = batch.AddRoute(new(IPNetwork.Parse($"{Address}/32"), IPAddress.Parse("10.77.0.2"), station.Link.Index)));
        return station;
    }

    /// <summary>Runs curl on an instance; standard output, with its exit and errors.</summary>
    public Task<CommandResult> CurlAsync(LabStation station, CancellationToken cancellationToken, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(station);
        var spec = new SpawnSpec("/usr/bin/curl", ["-sS", "--noproxy", "*", "--max-time", "60", .. arguments]);
        return Lab.Spawner.RunToEndAsync(station.Namespace, spec, TimeSpan.FromMinutes(2), 1 << 20, cancellationToken);
    }

    /// <summary>The status of an answer to an instance; "000" for none.</summary>
    public async Task<string> StatusAsync(LabStation station, CancellationToken cancellationToken, params string[] arguments) =>
        (await CurlAsync(station, cancellationToken, ["-o", "/dev/null", "-w", "%{http_code}", .. arguments, $"http://{Address}/"])).Output;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        _stations.ForEach(station => station.Dispose());
        await Lab.DisposeAsync();
        Directory.Delete(Home, recursive: true);
        GC.SuppressFinalize(this);
    }
}
