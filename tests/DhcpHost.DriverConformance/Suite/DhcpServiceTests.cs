using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>
/// What every DHCP driver's servers do for real clients. A driver's test project derives from it; what a driver does not claim is passed over.
/// </summary>
public abstract partial class DhcpServiceTests : DhcpDriverTests<LabDhcpDriverSubject>
{
    private static readonly TimeSpan Refusal = TimeSpan.FromSeconds(4);

    /// <summary>A server that runs.</summary>
    protected async Task<(DhcpPlan Plan, DriverHandle Handle)> ServeAsync(string network, IEnumerable<Subnet>? subnets = null, params Port[] ports)
    {
        var plan = SamplePlans.Make(network, await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), subnets, ports);
        return (plan, (await Driver.ApplyAsync(plan, null, Stop)).Handle);
    }

    /// <summary>A client on a server's wire, number 7 with the MAC address of port 7.</summary>
    protected async Task<UdhcpcClient> NewClientAsync(DhcpPlan plan, int number, params string[] options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(number)), options);
    }

    [Fact]
    public async Task A_client_that_nobody_knows_gets_an_address_of_the_pool_and_renews_it()
    {
        Assert.SkipUnless(Driver.Capabilities.DynamicPools, "no dynamic pools");
        var (plan, handle) = await ServeAsync("n1");
        await using var client = await NewClientAsync(plan, 9, "mtu", "domain");

        var lease = await client.LeaseAsync(Stop);
        var renewed = await client.RenewAsync(Stop);

        Assert.InRange(lease.Address!.GetAddressBytes()[3], 100, 109);
        Assert.Equal(IPAddress.Parse("10.77.0.2"), lease.ServerIdentifier);
        Assert.Equal(TimeSpan.FromHours(1), lease.LeaseTime);
        Assert.Equal("10.77.0.1", lease["router"]);
        Assert.Equal("10.77.0.53", lease["dns"]);
        Assert.Equal("1450", lease["mtu"]);
        Assert.Equal("example.org", lease["domain"]);
        Assert.Equal(lease.Address, renewed?.Address);
        if (Driver.Capabilities.LeaseQuery)
        {
            var listed = Assert.Single(await Driver.ListLeasesAsync(handle, Stop));
            Assert.Equal(lease.Address, listed.Address);
            Assert.Equal(SamplePlans.Mac(9), listed.MacAddress);
            Assert.InRange(listed.ExpiresAt!.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(58), TimeSpan.FromMinutes(61));
        }
    }

    [Fact]
    public async Task A_client_gets_the_address_that_is_reserved_for_it_and_its_options_by_name_and_number()
    {
        var port = SamplePlans.Port(
            7, new ExtraDhcpOption("ntp-server", "10.77.0.9"), new ExtraDhcpOption("234", "abc"), new ExtraDhcpOption("tftp-server", "boot"));
        var (plan, _) = await ServeAsync("n1", null, port, SamplePlans.Port(8));
        await using var client = await NewClientAsync(plan, 7, "ntpsrv", "234", "tftp");
        await using var other = await NewClientAsync(plan, 8, "ntpsrv", "234", "tftp");

        var lease = await client.LeaseAsync(Stop);
        var otherLease = await other.LeaseAsync(Stop);

        Assert.Equal("10.77.0.7", lease.Address?.ToString());
        Assert.Equal("10.77.0.9", lease["ntpsrv"]);
        Assert.Equal("616263", lease["opt234"]);
        Assert.Equal("boot", lease["tftp"]);
        Assert.Equal("10.77.0.8", otherLease.Address?.ToString());
        Assert.Null(otherLease["opt234"]);
    }

    [Fact]
    public async Task Options_of_the_network_and_the_subnet_reach_every_client_and_the_nearer_one_wins()
    {
        var subnet = SamplePlans.PooledIPv4Subnet with { DhcpOptions = [new("235", "subnet")] };
        var plan = SamplePlans.Make(
            "n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), [subnet], SamplePlans.Port(7, new ExtraDhcpOption("236", "port")));
        plan = plan with
        {
            Network = plan.Network with { DhcpOptions = [new("234", "network"), new("235", "network"), new("236", "network")] },
            Options = plan.Options with { DhcpOptions = [new("233", "site"), new("234", "site")] },
        };
        _ = await Driver.ApplyAsync(plan, null, Stop);
        await using var client = await NewClientAsync(plan, 7, "233", "234", "235", "236");

        var lease = await client.LeaseAsync(Stop);

        static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Equal(Hex("site"), lease["opt233"]);
        Assert.Equal(Hex("network"), lease["opt234"]);
        Assert.Equal(Hex("subnet"), lease["opt235"]);
        Assert.Equal(Hex("port"), lease["opt236"]);
    }

    [Fact]
    public async Task A_pool_that_is_used_up_gives_nothing_until_there_is_room()
    {
        Assert.SkipUnless(Driver.Capabilities.DynamicPools, "no dynamic pools");
        var subnet = SamplePlans.IPv4Subnet with { DynamicPools = [new(IPAddress.Parse("10.77.0.100"), IPAddress.Parse("10.77.0.101"))] };
        var (plan, handle) = await ServeAsync("n1", [subnet]);
        await using var one = await NewClientAsync(plan, 11);
        await using var two = await NewClientAsync(plan, 12);
        await using var late = await NewClientAsync(plan, 13);

        var leases = new[] { (await one.LeaseAsync(Stop)).Address!.ToString(), (await two.LeaseAsync(Stop)).Address!.ToString() };
        Assert.Equal(["10.77.0.100", "10.77.0.101"], leases.Order());
        Assert.Null(await late.RequestAsync(Stop, Refusal));

        if (Driver.Capabilities.LeaseRelease)
        {
            var lease = (await Driver.ListLeasesAsync(handle, Stop)).Single(lease => lease.MacAddress == SamplePlans.Mac(11));
            Assert.True(await Driver.ReleaseLeaseAsync(handle, lease, Stop));
            Assert.DoesNotContain(lease, await Driver.ListLeasesAsync(handle, Stop));
            Assert.False(await Driver.ReleaseLeaseAsync(handle, lease, Stop));
            Assert.Equal(lease.Address, (await late.WaitAsync(e => e.IsBound, Stop))?.Address);
        }
    }

    [Fact]
    public async Task Networks_with_the_same_subnet_serve_their_own_clients()
    {
        var (one, _) = await ServeAsync("n1", null, SamplePlans.Port(7));
        var (two, _) = await ServeAsync("n2", null, SamplePlans.Port(8) with { MacAddress = SamplePlans.Mac(7) });
        await using var first = await NewClientAsync(one, 7);
        await using var second = await NewClientAsync(two, 7);

        Assert.Equal("10.77.0.7", (await first.LeaseAsync(Stop)).Address?.ToString());
        Assert.Equal("10.77.0.8", (await second.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task A_port_that_is_added_while_clients_run_is_served_and_they_keep_theirs()
    {
        var (plan, handle) = await ServeAsync("n1", null, SamplePlans.Port(7));
        await using var client = await NewClientAsync(plan, 7);
        await using var added = await NewClientAsync(plan, 8);
        _ = await client.LeaseAsync(Stop);

        handle = (await Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(7), SamplePlans.Port(8)), handle, Stop)).Handle;

        Assert.Equal("10.77.0.8", (await added.LeaseAsync(Stop)).Address?.ToString());
        Assert.Equal("10.77.0.7", (await client.RenewAsync(Stop))?.Address?.ToString());
        Assert.Equal(InspectState.Running, (await Driver.InspectAsync(handle, Stop)).State);
    }

    [Fact]
    public async Task A_port_that_is_taken_away_loses_its_lease_and_a_successor_gets_the_address()
    {
        var (plan, handle) = await ServeAsync("n1", [SamplePlans.IPv4Subnet], SamplePlans.Port(7));
        await using var client = await NewClientAsync(plan, 7);
        _ = await client.LeaseAsync(Stop);
        _ = await client.Process!.TerminateAsync(TimeSpan.Zero, Stop);
        client.Station.Netlink.Execute(batch => batch.RemoveAddress(new(client.Station.Link.Index, IPAddress.Parse("10.77.0.7"), 24)));

        var successor = SamplePlans.Port(7) with { Id = new("p99"), MacAddress = SamplePlans.Mac(99) };
        handle = (await Driver.ApplyAsync(plan.WithPorts(successor), handle, Stop)).Handle;

        await using var next = await NewClientAsync(plan, 99);
        Assert.Equal("10.77.0.7", (await next.LeaseAsync(Stop)).Address?.ToString());
        if (Driver.Capabilities.LeaseQuery)
        {
            Assert.Equal(SamplePlans.Mac(99), Assert.Single(await Driver.ListLeasesAsync(handle, Stop)).MacAddress);
        }
    }

    [Fact]
    public async Task Leases_survive_the_death_of_the_server_and_a_restart()
    {
        Assert.SkipUnless(Driver.Capabilities.DynamicPools, "no dynamic pools");
        var (plan, handle) = await ServeAsync("n1", null, SamplePlans.Port(7));
        await using var reserved = await NewClientAsync(plan, 7);
        await using var dynamic = await NewClientAsync(plan, 11);
        _ = await reserved.LeaseAsync(Stop);
        var lease = await dynamic.LeaseAsync(Stop);
        var before = await Driver.ListLeasesAsync(handle, Stop);

        await Subject.KillServerAsync(plan.Server, Stop);
        handle = (await Driver.ApplyAsync(plan, handle, Stop)).Handle;
        Assert.Equal(before.OrderBy(l => l.MacAddress), (await Driver.ListLeasesAsync(handle, Stop)).OrderBy(l => l.MacAddress));

        var restarted = plan with { Network = plan.Network with { Mtu = 1400 } };
        handle = (await Driver.ApplyAsync(restarted, handle, Stop)).Handle;
        Assert.Equal(before.OrderBy(l => l.MacAddress), (await Driver.ListLeasesAsync(handle, Stop)).OrderBy(l => l.MacAddress));
        Assert.Equal(lease.Address, (await dynamic.RenewAsync(Stop))?.Address);
        Assert.Equal("10.77.0.7", (await reserved.RenewAsync(Stop))?.Address?.ToString());
    }

    [Fact]
    public async Task The_leases_of_a_server_that_was_removed_are_listed_until_another_takes_them_over()
    {
        Assert.SkipUnless(Driver.Capabilities is { DynamicPools: true, IPv6: true, LeaseQuery: true }, "no dynamic pools");
        var subnet = SamplePlans.IPv6Subnet with { DynamicPools = [new(IPAddress.Parse("fd77::100"), IPAddress.Parse("fd77::1ff"))] };
        var (plan, handle) = await ServeAsync("n1", [SamplePlans.PooledIPv4Subnet, subnet]);
        await using var client = await NewClientAsync(plan, 11);
        await using var other = await NewIPv6ClientAsync(plan, 12, DhclientMode.V6Stateful);
        var addresses = new[] { (await client.LeaseAsync(Stop)).Address!, (await other.LeaseAsync(Stop)).Address! };
        var before = await Driver.ListLeasesAsync(handle, Stop);

        await Driver.RemoveAsync(handle, RemoveReason.Disabled, Stop);

        var after = await Driver.ListLeasesAsync(handle, Stop);
        Assert.Equal(addresses.Select(address => address.ToString()).Order(), after.Select(lease => lease.Address.ToString()).Order());
        Assert.Equal(before.OrderBy(lease => lease.Address.ToString()), after.OrderBy(lease => lease.Address.ToString()));
        await Driver.RemoveAsync(handle, RemoveReason.NetworkGone, Stop);
        Assert.Empty(await Driver.ListLeasesAsync(handle, Stop));
    }

    [Fact]
    public async Task Leases_that_another_server_gave_are_taken_over_and_their_clients_keep_them()
    {
        Assert.SkipUnless(Driver.Capabilities is { DynamicPools: true, IPv6: true, LeaseQuery: true }, "no dynamic pools");
        var ends = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.AddMinutes(30).ToUnixTimeSeconds());
        Lease[] leases =
        [
            new()
            {
                Address = IPAddress.Parse("10.77.0.105"),
                MacAddress = SamplePlans.Mac(11),
                ClientId = "01:fa:16:3e:00:00:0b",
                Hostname = "eleven",
                ExpiresAt = ends,
            },
            new() { Address = IPAddress.Parse("fd77::105"), MacAddress = SamplePlans.Mac(12), Duid = "00:04:aa:bb:cc", Iaid = 77, ExpiresAt = ends },
        ];
        var subnet = SamplePlans.IPv6Subnet with { DynamicPools = [new(IPAddress.Parse("fd77::100"), IPAddress.Parse("fd77::1ff"))] };
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), [SamplePlans.PooledIPv4Subnet, subnet]);

        var handle = (await Driver.ApplyAsync(plan with { InheritedLeases = [.. leases] }, null, Stop)).Handle;

        var listed = (await Driver.ListLeasesAsync(handle, Stop)).ToDictionary(lease => lease.Address.ToString());
        Assert.Equal(
            leases.Select(lease => (lease.Address.ToString(), lease.ExpiresAt)),
            leases.Select(lease => (lease.Address.ToString(), listed[lease.Address.ToString()].ExpiresAt)));
        Assert.Equal(
            (SamplePlans.Mac(11), "00:04:aa:bb:cc", 77u), (listed["10.77.0.105"].MacAddress!.Value, listed["fd77::105"].Duid, listed["fd77::105"].Iaid!.Value));
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(plan, handle, Stop)).Action);

        // It asks for the address that it has, as a client does that wakes up (RFC 2131, INIT-REBOOT and SELECTING alike).
        await using var client = await NewClientAsync(plan, 11);
        Assert.Equal("10.77.0.105", (await client.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task A_client_is_known_by_its_client_identifier_alone()
    {
        var port = SamplePlans.Port(7) with { MacAddress = null, ClientId = "01:0a:0b:0c" };
        var (plan, _) = await ServeAsync("n1", [SamplePlans.IPv4Subnet], port);
        await using var client = new UdhcpcClient(
            Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(55)), null, ["-x", "0x3d:010a0b0c"]);

        Assert.Equal("10.77.0.7", (await client.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task Network_boot_tells_each_kind_of_client_its_file()
    {
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop));
        plan = plan with
        {
            Network = plan.Network with
            {
                Boot = new()
                {
                    NextServer = IPAddress.Parse("10.77.0.66"),
                    FileName = "bios.0",
                    Rules = [
                        new() { ClientArchitecture = 7, VendorClass = "PXEClient", FileName = "uefi.efi" },
                        new() { VendorClass = "PXEClient", FileName = "pxe.0" }],
                },
            },
        };
        _ = await Driver.ApplyAsync(plan, null, Stop);
        async Task<DhcpEvent> LeaseAsync(int number, params string[] arguments)
        {
            await using var client = new UdhcpcClient(
                Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(number)), null, arguments);
            return await client.LeaseAsync(Stop);
        }

        var plain = await LeaseAsync(21);
        var pxe = await LeaseAsync(22, "-V", "PXEClient:Arch:00000");
        var uefi = await LeaseAsync(23, "-V", "PXEClient:Arch:00007", "-x", "0x5d:0007");

        Assert.Equal("bios.0", plain["boot_file"]);
        Assert.Equal("10.77.0.66", plain["siaddr"]);
        Assert.Equal("pxe.0", pxe["boot_file"]);
        Assert.Equal("uefi.efi", uefi["boot_file"]);
    }

    [Fact]
    public async Task A_DHCPv6_client_gets_the_address_that_is_reserved_for_it()
    {
        Assert.SkipUnless(Driver.Capabilities.IPv6, "no IPv6");
        var port = SamplePlans.Port(7) with { FixedIps = [new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::7"))] };
        var (plan, handle) = await ServeAsync("n1", [SamplePlans.IPv6Subnet], port);
        await using var client = await NewIPv6ClientAsync(plan, 7, DhclientMode.V6Stateful);

        var lease = await client.LeaseAsync(Stop);

        Assert.Equal("fd77::7", lease.Address?.ToString());
        Assert.Contains("fd77::53", lease["new_dhcp6_name_servers"], StringComparison.Ordinal);
        if (Driver.Capabilities.LeaseQuery)
        {
            var listed = Assert.Single(await Driver.ListLeasesAsync(handle, Stop));
            Assert.Equal("fd77::7", listed.Address.ToString());
            Assert.NotNull(listed.Duid);
            Assert.NotNull(listed.Iaid);
            if (Driver.Capabilities.LeaseRelease)
            {
                Assert.True(await Driver.ReleaseLeaseAsync(handle, listed, Stop));
                Assert.Empty(await Driver.ListLeasesAsync(handle, Stop));
            }
        }
    }

    [Fact]
    public async Task A_DHCPv6_client_that_nobody_knows_gets_an_address_of_the_pool_and_keeps_it_over_a_restart()
    {
        Assert.SkipUnless(Driver.Capabilities is { IPv6: true, DynamicPools: true }, "no dynamic IPv6");
        var subnet = SamplePlans.IPv6Subnet with { DynamicPools = [new(IPAddress.Parse("fd77::100"), IPAddress.Parse("fd77::1ff"))] };
        var (plan, handle) = await ServeAsync("n1", [subnet]);
        await using var client = await NewIPv6ClientAsync(plan, 7, DhclientMode.V6Stateful);

        var lease = await client.LeaseAsync(Stop);
        handle = (await Driver.ApplyAsync(plan with { Network = plan.Network with { Mtu = 1400 } }, handle, Stop)).Handle;

        Assert.StartsWith("fd77::1", lease.Address?.ToString(), StringComparison.Ordinal);
        Assert.Equal(lease.Address, Assert.Single(await Driver.ListLeasesAsync(handle, Stop)).Address);
    }

    [Fact]
    public async Task A_DHCPv6_client_of_a_stateless_subnet_gets_options_alone()
    {
        Assert.SkipUnless(Driver.Capabilities.IPv6, "no IPv6");
        var subnet = SamplePlans.IPv6Subnet with { IPv6AddressMode = IPv6Mode.Dhcpv6Stateless, IPv6RaMode = IPv6Mode.Dhcpv6Stateless };
        var (plan, _) = await ServeAsync("n1", [subnet]);
        await using var client = await NewIPv6ClientAsync(plan, 7, DhclientMode.V6Stateless);
        await client.StartAsync(Stop);

        var answer = await client.WaitAsync(e => e["new_dhcp6_name_servers"] is not null, Stop);

        Assert.Contains("fd77::53", answer?["new_dhcp6_name_servers"], StringComparison.Ordinal);
        Assert.Null(answer?.Address);
    }

    [Fact]
    public async Task Clients_make_addresses_of_what_is_advertised_and_take_the_server_for_no_router()
    {
        var subnet = SamplePlans.IPv6Subnet with { IPv6AddressMode = IPv6Mode.Slaac, IPv6RaMode = IPv6Mode.Slaac, SendRouterAdvertisements = true };
        if (!Driver.Capabilities.RouterAdvertisements)
        {
            // Then the wish for them is refused in words, and the rest is served.
            var interfaceBinding = await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop);
            var result = await Driver.ApplyAsync(SamplePlans.Make("n1", interfaceBinding, [SamplePlans.IPv4Subnet, subnet]), null, Stop);
            Assert.Contains(result.Refusals, refusal => refusal.Subject.Contains(subnet.Id.Value, StringComparison.Ordinal));
            return;
        }

        var (plan, _) = await ServeAsync("n1", [subnet]);
        var station = await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7));
        await station.WaitForLinkLocalAsync(Stop);

        // Turned on and up again, the link asks for routers.
        await Subject.Lab.Namespaces.WriteSysctlAsync(station.Namespace, $"net/ipv6/conf/{station.Link.Name}/accept_ra", "2", Stop);
        station.Netlink.Execute(batch => batch.SetUp(station.Link.Index, isUp: false).SetUp(station.Link.Index));

        await Eventually.TrueAsync(
            () => station.Netlink.ListAddresses(station.Link.Index).Any(
                address => address.Address.ToString() == "fd77::f816:3eff:fe00:7"), cancellationToken: Stop);
        Assert.DoesNotContain(
            station.Netlink.ListRoutes(station.Link.Index),
            route => route.Destination is { PrefixLength: 0, BaseAddress.AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 });
    }

    private async Task<DhclientClient> NewIPv6ClientAsync(DhcpPlan plan, int number, DhclientMode mode)
    {
        var station = await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(number));
        await station.WaitForLinkLocalAsync(Stop);
        return new(Subject.Lab, station, mode);
    }
}
