using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Writes the command line in the order of Neutron's driver; what Neutron does not know comes last.</summary>
internal sealed class CommandLineWriter(DhcpPlan plan, SubnetSet subnets, DnsmasqOptions options, ServerPaths paths, string domain, RefusalList refusals)
{
    private readonly ImmutableArray<string>.Builder _arguments = ImmutableArray.CreateBuilder<string>();

    public ImmutableArray<string> Write()
    {
        _arguments.AddRange("dnsmasq", "--no-hosts");
        if (!plan.Options.UseHostResolver || !plan.Options.Forwarders.IsEmpty)
        {
            _arguments.Add("--no-resolv");
        }

        _arguments.AddRange(
            $"--pid-file={paths.Pid}",
            $"--dhcp-hostsfile={paths.Hosts}",
            $"--addn-hosts={paths.AddnHosts}",
            $"--dhcp-optsfile={paths.Opts}",
            $"--dhcp-leasefile={paths.Leases}",
            "--dhcp-match=set:ipxe,175",
            "--dhcp-userclass=set:ipxe6,iPXE",
            "--local-service",
            "--bind-dynamic");

        var ranges = new RangeArguments(plan.Options, refusals);
        var possibleLeases = BigInteger.Zero;
        foreach (var subnet in subnets.All)
        {
            var before = _arguments.Count;
            _arguments.AddRange(ranges.Make(subnet));
            if (_arguments.Count > before)
            {
                possibleLeases += BigInteger.One << ((subnet.IpVersion == 6 ? 128 : 32) - subnet.Cidr.PrefixLength);
            }
        }

        if (plan.Network.Mtu > 0)
        {
            _arguments.Add(Text($"--dhcp-option-force=option:mtu,{plan.Network.Mtu}"));
        }

        _arguments.Add(Text($"--dhcp-lease-max={BigInteger.Min(possibleLeases, plan.Options.MaxLeases)}"));
        AddTime("T1", plan.Options.RenewalTime);
        AddTime("T2", plan.Options.RebindingTime);
        AddSite();
        if (ranges.AdvertisesManaged)
        {
            _arguments.Add("--enable-ra");
        }

        if (ranges.Advertises && !IsRouter())
        {
            // Advertisements tell prefixes; only who has a gateway's address may offer itself as the way out.
            _arguments.Add($"--ra-param={plan.Interface.Device},0,0");
        }

        _arguments.AddRange(BootArguments.Make(plan.Network, refusals));
        return _arguments.ToImmutable();
    }

    private void AddSite()
    {
        if (options.TxtRecord.Length > 0)
        {
            _arguments.Add($"--txt-record={options.TxtRecord}");
        }

        _arguments.Add($"--conf-file={(options.ConfigFile.Trim() is { Length: > 0 } file ? file : "/dev/null")}");
        foreach (var server in plan.Options.Forwarders)
        {
            _arguments.Add($"--server={server}");
        }

        if (domain.Length > 0)
        {
            _arguments.Add($"--domain={domain}");
        }

        if (plan.Options.BroadcastReplies)
        {
            _arguments.Add("--dhcp-broadcast");
        }

        if (options.LogDirectory.Length > 0)
        {
            _arguments.AddRange("--log-queries", "--log-dhcp", $"--log-facility={LogPath(options, plan.Network.Id)}");
        }
    }

    /// <summary>A network's log.</summary>
    public static string LogPath(DnsmasqOptions options, NetworkId network) => Path.Combine(options.LogDirectory, network.Value, "dhcp_dns_log");

    private void AddTime(string name, TimeSpan? time)
    {
        if (time is { } value && value > TimeSpan.Zero)
        {
            _arguments.Add(Text($"--dhcp-option-force=option:{name},{(long)value.TotalSeconds}s"));
        }
    }

    private bool IsRouter() => subnets.All.Any(subnet =>
        subnet is { IpVersion: 6, GatewayIp: { } gateway } && plan.Interface.Addresses.Any(address => address.Address.Equals(gateway)));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
