using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using DhcpHost.Plugin.Dnsmasq.Server;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Server;

public sealed class ChangeDecisionTests
{
    private const string Tagged = "fa:16:3e:00:00:07,vm,10.0.0.7,set:port-p\n";
    private const string Plain = "fa:16:3e:00:00:07,vm,10.0.0.7\n";

    private static readonly DnsmasqConfiguration Wanted = new() { Arguments = ["dnsmasq", "--a", "--b=1"], Hosts = Plain, AddnHosts = "x\n", Opts = "y" };

    private static readonly ServerFacts Facts = new()
    {
        Arguments = ["--a", "--b=1", "--keep-in-foreground", "--user=dnsmasq"],
        IsInNamespace = true,
        Binary = new("/usr/sbin/dnsmasq", "2.91"),
        Applied = Applied(Wanted),
        Hosts = Wanted.Hosts,
        AddnHosts = Wanted.AddnHosts,
        Opts = Wanted.Opts,
    };

    [Fact]
    public void Equal_is_unchanged() => Assert.Equal(ApplyAction.Unchanged, ChangeDecision.Decide(Wanted, Facts).Action);

    [Fact]
    public void A_server_of_neutron_dhcp_agent_with_equal_files_is_unchanged() =>
        Assert.Equal(ApplyAction.Unchanged, ChangeDecision.Decide(Wanted, Facts with { Applied = null, Arguments = ["--a", "--b=1"] }).Action);

    [Fact]
    public void Another_namespace_is_a_restart() => AssertRestarted(Facts with { IsInNamespace = false }, "it runs in another namespace");

    [Fact]
    public void Another_argument_is_a_restart_that_names_it() => AssertRestarted(Facts with { Arguments = ["--a", "--b=2"] }, "command line: --b changed");

    [Fact]
    public void Another_order_of_arguments_is_a_restart() =>
        AssertRestarted(Facts with { Arguments = ["--b=1", "--a"] }, "command line: the order of arguments changed");

    [Fact]
    public void Another_file_is_a_reload() =>
        AssertReloaded(Facts with { Opts = "old" }, "opts file changed");

    [Fact]
    public void A_file_that_is_gone_is_a_reload() => AssertReloaded(Facts with { AddnHosts = null }, "addn_hosts file was not there");

    [Fact]
    public void A_file_that_was_written_before_a_crash_is_read_now() =>
        AssertReloaded(Facts with { Applied = Applied(Wanted with { Hosts = "" }) }, "host file was written, but not yet read");

    [Theory]
    [InlineData("2.85", ApplyAction.Reloaded)]
    [InlineData("2.86", ApplyAction.Restarted)]
    [InlineData("2.90", ApplyAction.Restarted)]
    [InlineData("2.91rc1", ApplyAction.Reloaded)]
    [InlineData("2.92", ApplyAction.Reloaded)]
    [InlineData("UNKNOWN", ApplyAction.Restarted)]
    public void Tags_that_a_server_has_read_forbid_a_reload_where_its_version_dies_of_it(string version, ApplyAction expected)
    {
        // The program on the disk is newer already; the one that runs counts.
        var facts = Facts with { Hosts = Tagged, Applied = Applied(Wanted with { Hosts = Tagged }) with { BinaryVersion = version } };

        Assert.Equal(expected, ChangeDecision.Decide(Wanted, facts).Action);
    }

    [Fact]
    public void Tags_that_come_only_now_are_reloaded_once() =>
        Assert.Equal(
            ApplyAction.Reloaded,
            ChangeDecision.Decide(
                Wanted with { Hosts = Tagged },
                Facts with { Binary = new("/usr/sbin/dnsmasq", "2.90"), Applied = Applied(Wanted) with { BinaryVersion = "2.90" } }).Action);

    [Fact]
    public void Of_a_server_that_another_started_the_file_tells_of_tags() =>
        Assert.Equal(
            ApplyAction.Restarted,
            ChangeDecision.Decide(Wanted, Facts with { Hosts = Tagged, Applied = null, Binary = new("/usr/sbin/dnsmasq", "2.90") }).Action);

    private static AppliedState Applied(DnsmasqConfiguration configuration) => AppliedState.Of(
        new ProcessIdentity(1, 1, "b", "m"), "2.91", configuration, givesEndlessLeases: false, new() { Namespace = "n", Device = "d", MacAddress = default });

    private static void AssertRestarted(ServerFacts facts, string reason)
    {
        var change = ChangeDecision.Decide(Wanted, facts);
        Assert.Equal(ApplyAction.Restarted, change.Action);
        Assert.Equal([reason], change.Reasons);
    }

    private static void AssertReloaded(ServerFacts facts, string reason)
    {
        var change = ChangeDecision.Decide(Wanted, facts);
        Assert.Equal(ApplyAction.Reloaded, change.Action);
        Assert.Equal([reason], change.Reasons);
    }
}
