using DhcpHost.Abstractions.Drivers;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Turns a plan into what a dnsmasq reads. Pure: it looks at nothing but its arguments.</summary>
/// <remarks>
/// Files, tags, option rules and command line are those of Neutron's driver (<c>neutron/agent/linux/dhcp.py</c>), so that
/// either can take over from the other.
/// </remarks>
public sealed class ConfigurationWriter
{
    private readonly SubnetSet _subnets;
    private readonly DhcpPlan _plan;
    private readonly DnsmasqOptions _options;
    private readonly RefusalList _refusals = new();
    private readonly string _domain;
    private readonly HostEntries _entries;

    /// <summary>Prepares to write for one plan.</summary>
    public ConfigurationWriter(DhcpPlan plan, DnsmasqOptions options)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        _plan = plan;
        _options = options;
        _subnets = new(plan.Network);
        _domain = FindDomain();
        _entries = new(plan.Network, _subnets, _domain, _refusals, NameGrammar.FindHostnameFault);
    }

    /// <summary>Writes all but the leases.</summary>
    public DnsmasqConfiguration Write(ServerPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var arguments = new CommandLineWriter(_plan, _subnets, _options, paths, _domain, _refusals).Write();
        var entries = _entries.Enumerate(mergesIPv6: false).ToList();
        var hosts = new HostsFileWriter(_subnets, _refusals).Write(_options.EnableAddr6List ? _entries.Enumerate(mergesIPv6: true) : entries);
        return new()
        {
            Arguments = arguments,
            Hosts = hosts,
            AddnHosts = AddnHostsFileWriter.Write(entries),
            Opts = new OptsFileWriter(_plan, _subnets, _domain, _refusals).Write(),
            Refusals = _refusals.ToArray(),
        };
    }

    /// <summary>Whether any subnet's leases have no end.</summary>
    public bool GivesEndlessLeases => _subnets.All.Any(subnet => SubnetSet.IsEndless(subnet, _plan.Options));

    /// <summary>Writes the leases that a server starts with.</summary>
    /// <param name="existing">The text of the leases file that is there; <c>null</c> for none.</param>
    public string WriteLeases(string? existing) =>
        LeasesFileWriter.Write(_entries.Enumerate(mergesIPv6: false), _subnets, GivesEndlessLeases, existing);

    private string FindDomain()
    {
        var domain = _plan.Network.DnsDomain ?? _plan.Options.DnsDomain;
        if (domain.Length == 0 || NameGrammar.FindDomainFault(domain) is not { } fault)
        {
            return domain;
        }

        _refusals.Add($"network {_plan.Network.Id} domain {RefusalList.Quote(domain)}", fault);
        return "";
    }
}
