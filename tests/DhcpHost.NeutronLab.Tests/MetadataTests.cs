using System.Net;
using System.Security.Cryptography;
using System.Text;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>Instances ask for their metadata, and Neutron's own metadata agent finds out who asks.</summary>
public abstract class MetadataTests(OpenStackLab neutron, string driver) : NeutronHostTest(neutron)
{
    private const string MetadataAddress = "169.254.169.254";

    private MetadataAgent _agent = null!;

    private protected override string Defaults => $"""
        metadata_driver = "{driver}"
        metadata = "isolated"
        metadata_networks = true
        """;

    private protected override string Tables => $"""
        [drivers.{driver}]
        metadata_proxy_socket = "{_agent.Socket}"
        """;

    public override async ValueTask InitializeAsync()
    {
        await Neutron.StartAsync(Token);
        _agent = await Neutron.StartMetadataAgentAsync(Token);
        await base.InitializeAsync();
    }

    [Fact]
    public async Task An_instance_on_a_network_without_a_router_is_told_the_way_to_its_metadata_and_gets_it()
    {
        var (network, _) = await CreateIpv4NetworkAsync();
        var port = await CreateInstanceAsync(network);
        using var station = await PlugAsync(port);

        var lease = await LeaseAsync(station, "staticroutes");
        Assert.Equal(port.Address(), lease.Address?.ToString());
        station.Netlink.Execute(batch => batch
            .AddRoute(new(IPNetwork.Parse($"{MetadataAddress}/32"), IPAddress.Parse(WayToMetadata(lease)), station.Link.Index)));

        AssertIsSigned(await AskAsync(station, port.Address()), port);
    }

    [Fact]
    public async Task An_instance_behind_a_router_with_a_metadata_access_network_gets_its_metadata_by_way_of_that_network()
    {
        var (network, subnet) = await CreateIpv4NetworkAsync();
        var access = await CreateNetworkAsync("access");
        var link = await Api.CreateSubnetAsync(new NewSubnet(access.Id, "169.254.200.0/24"), Token);
        _ = await CreateRouterAsync(subnet, link);
        var port = await CreateInstanceAsync(network);
        using var instance = await PlugAsync(port);
        Assert.Equal("10.0.0.1", WayToMetadata(await LeaseAsync(instance, "staticroutes")));

        // What the router would do: it hands on what comes from the instance, and has the gateway's address.
        using var router = await PlugAsync(await CreatePortAsync(access.Id));
        _ = await WaitForServerAsync(access.Id);
        var own = (await Api.ListPortsAsync(access.Id, Token)).Single(each => each.DeviceOwner == "network:dhcp").Address();
        router.Netlink.Execute(batch => batch
            .AddAddress(new(router.Link.Index, IPAddress.Parse("169.254.200.1"), 24))
            .AddAddress(new(router.Link.Index, IPAddress.Parse(port.Address()), 32))
            .AddRoute(new(IPNetwork.Parse($"{MetadataAddress}/32"), IPAddress.Parse(own), router.Link.Index)));

        AssertIsSigned(await AskAsync(router, port.Address()), port);
    }

    private Task<NeutronPort> CreateInstanceAsync(NeutronNetwork network) =>
        Api.CreatePortAsync(new NewPort(network.Id) { HostId = Host.Name, DeviceId = Guid.NewGuid().ToString() }, Token);

    private static string WayToMetadata(DhcpEvent lease)
    {
        var words = lease["staticroutes"]!.Split(' ');
        return words[Array.IndexOf(words, $"{MetadataAddress}/32") + 1];
    }

    /// <summary>What Nova is asked when somebody asks from an address; fails the test if nobody answers.</summary>
    private async Task<CapturedRequest> AskAsync(LabStation station, string address)
    {
        string[] curl = ["-s", "-f", "--max-time", "30", "--interface", address, $"http://{MetadataAddress}/openstack/latest/meta_data.json"];
        var answer = "";
        await Eventually.TrueAsync(
            async () => (answer = (await Lab.Spawner.RunToEndAsync(station.Namespace, new("/usr/bin/curl", curl), Deadline, 4096, Token)).Output).Length > 0,
            Deadline, Token, "metadata is answered");
        Assert.Equal(_agent.Nova.Answer.Body, answer);
        return _agent.Nova.Requests.Last();
    }

    private static void AssertIsSigned(CapturedRequest request, NeutronPort port)
    {
        Assert.Equal("/openstack/latest/meta_data.json", request.Target);
        Assert.Equal(port.DeviceId, Assert.Single(request["X-Instance-ID"]));
        Assert.Equal(port.Address(), Assert.Single(request["X-Forwarded-For"]));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(MetadataAgent.Secret), Encoding.UTF8.GetBytes(port.DeviceId));
        Assert.Equal(Convert.ToHexStringLower(signature), Assert.Single(request["X-Instance-ID-Signature"]));
    }
}
