using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>A test against the assembly's Neutron; afterwards its networks and DHCP agents have gone from there.</summary>
public abstract class NeutronLabTest : IAsyncLifetime
{
    private readonly List<string> _networks = [];
    private readonly List<(string RouterId, string SubnetId)> _interfaces = [];

    private protected NeutronLabTest(OpenStackLab neutron)
    {
        Assert.SkipUnless(LinuxLab.IsRoot, "makes namespaces and servers: run it as root");
        Neutron = neutron;
        Lab = new LinuxLab();
        Root = Directory.CreateTempSubdirectory("dhcphost-lab-").FullName;
        // Servers read their files below it without being root.
        File.SetUnixFileMode(Root, (UnixFileMode)0b111_101_101);
    }

    /// <summary>Far beyond what anything here takes: neutron-server needs seconds for what DhcpHost does at once.</summary>
    private protected static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(90);

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected OpenStackLab Neutron { get; }

    private protected NeutronApi Api => Neutron.Api;

    private protected LinuxLab Lab { get; }

    /// <summary>A directory of the test's own.</summary>
    private protected string Root { get; }

    public virtual async ValueTask InitializeAsync() => await Neutron.StartAsync(Token);

    public virtual async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        foreach (var (router, subnet) in _interfaces)
        {
            await Api.RemoveRouterInterfaceAsync(router, subnet, CancellationToken.None);
        }
        foreach (var router in _interfaces.Select(each => each.RouterId).Distinct())
        {
            await Api.DeleteRouterAsync(router, CancellationToken.None);
        }
        foreach (var id in _networks)
        {
            foreach (var port in (await Api.ListPortsAsync(id, CancellationToken.None)).Where(port => port.DeviceOwner != "network:dhcp"))
            {
                await Api.DeletePortAsync(port.Id, CancellationToken.None);
            }
            await Api.DeleteNetworkAsync(id, CancellationToken.None);
        }
        foreach (var agent in (await Api.ListAgentsAsync(CancellationToken.None)).Where(agent => agent.AgentType == "DHCP agent"))
        {
            await Api.DeleteAgentAsync(agent.Id, CancellationToken.None);
        }
        await DeleteNamespacesAsync();
        Directory.Delete(Root, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected Task<NeutronNetwork> CreateNetworkAsync(string name = "net") => CreateNetworkAsync(new NewNetwork(name));

    private protected async Task<NeutronNetwork> CreateNetworkAsync(NewNetwork request)
    {
        var network = await Api.CreateNetworkAsync(request, Token);
        _networks.Add(network.Id);
        return network;
    }

    /// <summary>A network with one IPv4 subnet 10.0.0.0/24 (gateway .1, a name server, a host route).</summary>
    private protected async Task<(NeutronNetwork Network, NeutronSubnet Subnet)> CreateIpv4NetworkAsync(string name = "net")
    {
        var network = await CreateNetworkAsync(name);
        var subnet = await Api.CreateSubnetAsync(
            new NewSubnet(network.Id, "10.0.0.0/24")
            {
                DnsNameservers = ["9.9.9.9"],
                HostRoutes = [new HostRoute("192.0.2.0/24", "10.0.0.254")],
            },
            Token);
        return (network, subnet);
    }

    /// <summary>A router with the gateway addresses of these subnets; nothing routes.</summary>
    private protected async Task<string> CreateRouterAsync(params NeutronSubnet[] subnets)
    {
        var router = await Api.CreateRouterAsync(Token);
        foreach (var subnet in subnets)
        {
            await Api.AddRouterInterfaceAsync(router, subnet.Id, Token);
            _interfaces.Add((router, subnet.Id));
        }
        return router;
    }

    /// <summary>Asks the API for a port of an instance on the first host.</summary>
    private protected Task<NeutronPort> CreatePortAsync(string networkId, params ExtraDhcpOpt[] options) =>
        Api.CreatePortAsync(
            new NewPort(networkId) { HostId = OpenStackLab.Hosts[0], ExtraDhcpOpts = options.Length == 0 ? null : options }, Token);

    /// <summary>The machine of a port: its link has the port's MAC address and is on the network's wire.</summary>
    private protected async Task<LabStation> PlugAsync(NeutronPort port)
    {
        var station = await LabInstance.PlugAsync(Lab, port, Token);
        await Eventually.TrueAsync(
            () => Lab.Host.GetLink(port.TapName).MasterIndex != 0, Deadline, Token, $"{port.TapName} is on its bridge");
        return station;
    }

    private protected Task WaitForStatusAsync(NeutronPort port, string status) => EventuallyAsync(
        async () => (await Api.GetPortAsync(port.Id, Token)).Status == status, $"{port.Id} is {status}");

    /// <summary>A lease of a real client on the port's machine, by DHCPv4; fails the test if it gets none.</summary>
    private protected async Task<DhcpEvent> LeaseAsync(LabStation station, params string[] options)
    {
        await using var client = new UdhcpcClient(Lab, station, options);
        return await client.LeaseAsync(Token, Deadline);
    }

    /// <summary>A lease by DHCPv6.</summary>
    private protected async Task<DhcpEvent> LeaseV6Async(LabStation station)
    {
        await station.WaitForLinkLocalAsync(Token);
        await using var client = new DhclientClient(Lab, station, DhclientMode.V6Stateful);
        return await client.LeaseAsync(Token, Deadline);
    }

    /// <summary>Waits until the server counts a DHCP agent of that host as alive; returns it.</summary>
    private protected async Task<NeutronAgent> WaitForAgentAsync(string host)
    {
        NeutronAgent? found = null;
        await EventuallyAsync(
            async () => (found = (await Api.ListAgentsAsync(Token)).FirstOrDefault(
                agent => agent.AgentType == "DHCP agent" && agent.Host == host && agent.Alive)) is not null,
            $"the DHCP agent of {host} is alive");
        return found!;
    }

    /// <summary>Waits for what the API tells.</summary>
    private protected static Task EventuallyAsync(Func<Task<bool>> condition, string what) =>
        Eventually.TrueAsync(OpenStackLab.AskSlowly(condition, Token), Deadline, Token, what);

    /// <summary>Ends what serves the test's networks, and the namespaces, whatever state the test left them in.</summary>
    private async Task DeleteNamespacesAsync()
    {
        await using var lab = new LinuxLab();
        foreach (var name in lab.Namespaces.List().Where(name => _networks.Any(id => name.EndsWith(id, StringComparison.Ordinal))))
        {
            LeftBehind.Remove(lab, name);
        }
    }
}
