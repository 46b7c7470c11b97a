using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Configuration;

/// <summary>Text from outside never becomes another line, field, option or argument (CVE-2021-40085 and its kin): it is served as it is, or refused.</summary>
public sealed partial class HostileTextTests
{
    private static readonly string[] Nasty =
    [
        "\n", "\r", "\0", "\t", " ", ",", "#", "\"", "'", "\\", ":", "=", "[", "]", "*", ".", "-", "_", "tag:", "set:", "net:", "id:", "option:", "option6:",
        "ignore",
        "infinite", "12h", "10.0.0.9", "fa:16:3e:ff:ff:ff", "--dhcp-script=/bin/sh", "\u0085", "\u2028", "\ud800", "é", "vm", "a", "7", "dns-server", "{0}",
        "enterprise:",
    ];

    private static readonly Gen<string> Text = Gen.Int[0, Nasty.Length - 1].Select(index => Nasty[index]).List[0, 5].Select(parts => string.Concat(parts));

    private static readonly InterfaceBinding Binding = new()
    {
        Namespace = "ns",
        Device = "tap0",
        MacAddress = SamplePlans.Mac(1),
        Addresses = SamplePlans.ServerAddresses.ToEquatableArray(),
    };

    [Fact]
    public void No_text_adds_a_line_a_field_or_an_argument() =>
        Gen.Select(Text.Array[12], Gen.Bool, Gen.Int[4, 6]).Sample(
            (texts, hasMac, ipVersion) =>
            {
                var writer = new ConfigurationWriter(Make(texts, hasMac, ipVersion), new());
                var written = writer.Write(new("/d"));

                Assert.All(Lines(written.Hosts), line => Assert.Matches(HostLine(), line));
                Assert.InRange(Lines(written.Hosts).Length, 0, 2);
                Assert.All(Lines(written.AddnHosts), line => Assert.Matches(AddnHostsLine(), line));
                Assert.InRange(Lines(written.AddnHosts).Length, 1, 2);
                Assert.All(Lines(written.Opts), line => Assert.Matches(OptionLine(), line));
                Assert.All(Lines(writer.WriteLeases(null)), line => Assert.Matches(LeaseLine(), line));
                Assert.All(written.Arguments.Skip(1), argument => Assert.Matches(Argument(), argument));
                Assert.All(
                    written.Arguments.Where(argument => argument.StartsWith("--dhcp-boot=", StringComparison.Ordinal)),
                    argument => Assert.Matches(BootArgument(), argument));
                Assert.All(written.Refusals, refusal => Assert.DoesNotContain(refusal.Subject + refusal.Reason, char.IsControl));
                Assert.All(
                    new[] { written.Hosts, written.AddnHosts, written.Opts }.SelectMany(Lines),
                    line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 1, 1023));
            },
            iter: 20_000);

    [Theory]
    [InlineData("router\nevil", "1.2.3.4")]
    [InlineData("bootfile-name", "x\n--dhcp-script=/bin/evil")]
    [InlineData("bootfile-name", "x\rtag:y,6,6.6.6.6")]
    [InlineData("bootfile-name", "x\0y")]
    [InlineData("bootfile-name", "x #y")]
    [InlineData("bootfile-name", "#x")]
    [InlineData("bootfile-name", "\"x")]
    [InlineData("bootfile-name", "tag:x,6")]
    [InlineData("bootfile-name", "set:x")]
    [InlineData("router,1.2.3.4", "x")]
    [InlineData("set:x,router", "1.2.3.4")]
    [InlineData("tag:a b,router", "1.2.3.4")]
    [InlineData("router ", "1.2.3.4")]
    [InlineData("", "1.2.3.4")]
    [InlineData("0", "x")]
    [InlineData("255", "x")]
    [InlineData("99999999999", "x")]
    public void An_option_that_cannot_be_written_is_refused_and_the_rest_is_served(string name, string value)
    {
        var plan = SamplePlans.Make("n1", Binding, null, SamplePlans.Port(7, new(name, value), new("ntp-server", "10.77.0.9")), SamplePlans.Port(8));

        var written = new ConfigurationWriter(plan, new()).Write(new("/d"));

        var refusal = Assert.Single(written.Refusals);
        Assert.StartsWith("port p7 option ", refusal.Subject, StringComparison.Ordinal);
        Assert.Equal(["tag:port-p7,option:ntp-server,10.77.0.9"], Lines(written.Opts).Where(line => line.Contains("port-", StringComparison.Ordinal)));
        Assert.Equal(2, Lines(written.Hosts).Length);
    }

    [Theory]
    [InlineData("ignore")]
    [InlineData("infinite")]
    [InlineData("3600")]
    [InlineData("12h")]
    [InlineData("10.77.0.66")]
    [InlineData("set:x")]
    [InlineData("vm,10.77.0.66")]
    [InlineData("vm\n10.77.0.66\tbank.example")]
    [InlineData("vm bank.example")]
    [InlineData("#vm")]
    [InlineData("-vm")]
    [InlineData("a..b")]
    [InlineData("vm.")]
    public void A_name_that_dnsmasq_would_misread_is_replaced_by_one_made_of_the_address(string name)
    {
        var plan = SamplePlans.Make("n1", Binding, null, SamplePlans.Port(7) with { DnsName = name });
        plan = plan with { Options = plan.Options with { DnsDomain = "" } };

        var written = new ConfigurationWriter(plan, new()).Write(new("/d"));

        if (name == "vm.")
        {
            Assert.Equal("fa:16:3e:00:00:07,vm.,10.77.0.7\n", written.Hosts);
            return;
        }

        Assert.Equal("fa:16:3e:00:00:07,host-10-77-0-7,10.77.0.7\n", written.Hosts);
        Assert.Equal("10.77.0.7\thost-10-77-0-7 host-10-77-0-7\n", written.AddnHosts);
        Assert.StartsWith("port p7 name ", Assert.Single(written.Refusals).Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("01:02,set:x")]
    [InlineData("01:zz")]
    [InlineData("a b")]
    [InlineData("a#b")]
    [InlineData("*x")]
    public void A_client_identifier_that_cannot_be_written_is_refused_and_the_MAC_address_still_counts(string id)
    {
        var plan = SamplePlans.Make("n1", Binding, null, SamplePlans.Port(7) with { ClientId = id });

        var written = new ConfigurationWriter(plan, new()).Write(new("/d"));

        Assert.Equal("fa:16:3e:00:00:07,host-10-77-0-7.example.org,10.77.0.7\n", written.Hosts);
        Assert.StartsWith("port p7 client identifier ", Assert.Single(written.Refusals).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_that_dnsmasq_would_read_as_two_is_refused()
    {
        var routes = Enumerable.Range(0, 60).Select(i => new HostRoute(IPNetwork.Parse($"10.{i}.0.0/16"), IPAddress.Parse("10.77.0.200")));
        var subnet = SamplePlans.IPv4Subnet with { HostRoutes = routes.ToEquatableArray() };

        var written = new ConfigurationWriter(SamplePlans.Make("n1", Binding, [subnet]), new()).Write(new("/d"));

        Assert.Equal("subnet s4 routes", Assert.Single(written.Refusals).Subject);
        Assert.DoesNotContain("static-route", written.Opts, StringComparison.Ordinal);
        Assert.Contains("option:router,10.77.0.1", written.Opts, StringComparison.Ordinal);
    }

    private static DhcpPlan Make(string[] texts, bool hasMac, int ipVersion)
    {
        var option = new ExtraDhcpOption(texts[0], texts[1], ipVersion);
        var port = SamplePlans.Port(7, option, new(texts[2], texts[3])) with
        {
            MacAddress = hasMac ? SamplePlans.Mac(7) : null,
            ClientId = texts[4],
            Duid = texts[5],
            DnsName = texts[6],
            FixedIps = [new(SamplePlans.IPv4Subnet.Id, IPAddress.Parse("10.77.0.7")), new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::7"))],
            DnsAssignments = hasMac ? [] : [new(texts[6], texts[7], IPAddress.Parse("10.77.0.7"))],
        };
        var plan = SamplePlans.Make("n1", Binding, [SamplePlans.PooledIPv4Subnet with { DhcpOptions = [option] }, SamplePlans.IPv6Subnet], port);
        return plan with
        {
            Network = plan.Network with
            {
                DnsDomain = texts[8],
                DhcpOptions = [option],
                Boot = new()
                {
                    FileName = texts[9],
                    ServerName = texts[10],
                    Rules = [new() { UserClass = texts[11], VendorClass = texts[0], ClientArchitecture = 7, FileName = texts[1] }],
                },
            },
            Options = plan.Options with { DhcpOptions = [option] },
        };
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private const string Name = @"[A-Za-z0-9][A-Za-z0-9._-]*";

    [GeneratedRegex(
        $@"\A(fa:16:3e:00:00:07)?,?(tag:dhcpv6)?,?(id:[^,\s#""]+)?,?(?!(ignore|infinite|[0-9]+[wdhms]?),){Name},(10\.77\.0\.7|\[fd77::7\]),set:port-p7\z")]
    private static partial Regex HostLine();

    [GeneratedRegex($@"\A(10\.77\.0\.7|fd77::7)\t{Name} {Name}\z")]
    private static partial Regex AddnHostsLine();

    [GeneratedRegex(@"\A(tag:!?[A-Za-z0-9_.-]+,)*(option6?:[A-Za-z0-9][A-Za-z0-9_-]*|[0-9]{1,3})(,(?!tag:|set:)[^\x00-\x1f\x7f""#]*)?\z")]
    private static partial Regex OptionLine();

    [GeneratedRegex(@"\A0 fa:16:3e:00:00:07 10\.77\.0\.7 \* \*\z")]
    private static partial Regex LeaseLine();

    [GeneratedRegex(@"\A--[a-z0-9-]+(=[^\x00-\x1f\x7f""#]+)?\z")]
    private static partial Regex Argument();

    [GeneratedRegex(@"\A--dhcp-boot=(tag:boot-1-(arch|user|vendor),)*[^,]+(,[^,]+)?\z")]
    private static partial Regex BootArgument();
}
