using System.Net;
using CsCheck;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using DhcpHost.Plugin.Dnsmasq.Server;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Configuration;

public sealed class LeasesFileTests
{
    private const string Text = """
        1700000000 fa:16:3e:00:00:07 10.77.0.7 vm 01:fa:16:3e:00:00:07
        0 fa:16:3e:00:00:08 10.77.0.8 host-10-77-0-8 *
        0 06-00:11:22:33:44:55 10.77.0.9 * ff
        duid 00:01:00:01:aa:bb
        1700000000 12345 fd77::8 * 00:01:00:01
        1700000000 T99 fd77::9 six 00:01:00:02

        """;

    [Fact]
    public void Leases_of_both_families_are_read()
    {
        var file = LeasesFile.Parse(Text);

        Assert.Equal("00:01:00:01:aa:bb", file.Duid);
        Assert.Equal(
            [
                new()
                {
                    Address = IPAddress.Parse("10.77.0.7"),
                    MacAddress = SamplePlans.Mac(7),
                    Hostname = "vm",
                    ClientId = "01:fa:16:3e:00:00:07",
                    ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1700000000),
                },
                new() { Address = IPAddress.Parse("10.77.0.8"), MacAddress = SamplePlans.Mac(8), Hostname = "host-10-77-0-8" },
                new() { Address = IPAddress.Parse("10.77.0.9"), ClientId = "ff" },
                new() { Address = IPAddress.Parse("fd77::8"), Duid = "00:01:00:01", Iaid = 12345, ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1700000000) },
                new Lease
                {
                    Address = IPAddress.Parse("fd77::9"),
                    Hostname = "six",
                    Duid = "00:01:00:02",
                    Iaid = 99,
                    ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(1700000000),
                },
            ],
            file.Rows.Select(row => row.ToLease()));
        Assert.True(file.Rows[4].IsTemporary);
    }

    [Fact]
    public void A_server_has_the_DUID_of_its_link_as_those_of_other_drivers_unless_it_has_one_already()
    {
        Assert.Equal("duid 00:03:00:01:fa:16:3e:00:00:07\n", LeasesFile.WithDuid(null, SamplePlans.Mac(7)));
        Assert.Equal(
            "duid 00:03:00:01:fa:16:3e:00:00:07\n0 fa:16:3e:00:00:08 10.77.0.8 vm *\n",
            LeasesFile.WithDuid("0 fa:16:3e:00:00:08 10.77.0.8 vm *\n", SamplePlans.Mac(7)));
        Assert.Equal(Text, LeasesFile.WithDuid(Text, SamplePlans.Mac(7)));
    }

    [Fact]
    public void A_reservation_that_nobody_confirmed_is_told_from_a_lease()
    {
        var rows = LeasesFile.Parse(Text).Rows;

        Assert.Equal([false, true, false, false, false], rows.Select(row => row.IsSeed(leasesMayBeEndless: false)));
        Assert.DoesNotContain(rows, row => row.IsSeed(leasesMayBeEndless: true));
        Assert.True(LeasesFile.Parse("0 fa:16:3e:00:00:08 10.77.0.8 * *\n").Rows[0].IsSeed(leasesMayBeEndless: true));
    }

    [Fact]
    public void Whatever_is_in_the_file_can_be_listed_and_released() =>
        Gen.Select(Gen.Int[0, Text.Length - 1], Gen.Char[' ', '~'], Gen.Int[0, Text.Length]).Sample(
            (at, character, length) =>
            {
                var file = LeasesFile.Parse($"{Text[..at]}{character}{Text[(at + 1)..]}"[..length]);
                foreach (var row in file.Rows)
                {
                    _ = row.ToLease();
                    if (row.MacAddress is { } mac)
                    {
                        Assert.True(ReleaseMessage.MakeIPv4(row, mac, IPAddress.Loopback).Length > 240);
                    }

                    if (row.Iaid is { } iaid && file.Duid is { } duid)
                    {
                        Assert.True(ReleaseMessage.MakeIPv6(row, iaid, duid).Length > 40);
                    }
                }
            },
            iter: 20_000);

    [Fact]
    public void A_lease_is_stale_when_its_reservation_is_gone_or_anothers()
    {
        var v6 = SamplePlans.Port(8) with { FixedIps = [new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::8"))] };
        var network = new Network
        {
            Id = new("n"),
            Subnets = [SamplePlans.PooledIPv4Subnet, SamplePlans.IPv6Subnet],
            Ports = [SamplePlans.Port(7), SamplePlans.Port(9), v6],
        };
        var leases = LeasesFile.Parse("""
            1700000000 fa:16:3e:00:00:07 10.77.0.7 kept *
            1700000000 fa:16:3e:00:00:66 10.77.0.9 moved *
            0 fa:16:3e:00:00:0a 10.77.0.10 gone *
            1700000000 fa:16:3e:00:00:0b 10.77.0.100 dynamic *
            duid 00:01:00:01
            1700000000 1 fd77::8 * 00:01
            1700000000 2 fd77::9 gone 00:02

            """);

        static IEnumerable<string> Names(IEnumerable<LeaseRow> rows) => rows.Select(row => row.Address.ToString());
        Assert.Equal(["10.77.0.9", "10.77.0.10", "fd77::9"], Names(StaleLeases.Find(leases, network, "fa:16:3e:00:00:08,tag:dhcpv6,vm,[fd77::8]\n")));
        Assert.Equal(
            ["10.77.0.9", "10.77.0.10", "fd77::8", "fd77::9"], Names(StaleLeases.Find(leases, network, "fa:16:3e:00:00:66,tag:dhcpv6,vm,[fd77::8]\n")));
    }
}
