using System.Collections.Frozen;
using DhcpHost.Dhcp.V4;

namespace DhcpHost.Serving.V4;

/// <summary>The names by which dnsmasq (and with it Neutron) calls options, with their numbers and forms (<c>dnsmasq --help dhcp</c>).</summary>
public static class OptionNames
{
    /// <summary>The number that stands for the header's field <c>siaddr</c>.</summary>
    public const byte ServerIpAddress = 255;

    private static readonly FrozenDictionary<string, (byte Code, OptionForm Form)> ByName = new Dictionary<string, (byte Code, OptionForm Form)>
    {
        ["netmask"] = (1, OptionForm.Addresses),
        ["time-offset"] = (2, OptionForm.Number32),
        ["router"] = (3, OptionForm.Addresses),
        ["dns-server"] = (6, OptionForm.Addresses),
        ["log-server"] = (7, OptionForm.Addresses),
        ["lpr-server"] = (9, OptionForm.Addresses),
        ["hostname"] = (12, OptionForm.Text),
        ["boot-file-size"] = (13, OptionForm.Number16),
        ["domain-name"] = (15, OptionForm.Text),
        ["swap-server"] = (16, OptionForm.Addresses),
        ["root-path"] = (17, OptionForm.Text),
        ["extension-path"] = (18, OptionForm.Text),
        ["ip-forward-enable"] = (19, OptionForm.Number8),
        ["non-local-source-routing"] = (20, OptionForm.Number8),
        ["policy-filter"] = (21, OptionForm.Addresses),
        ["max-datagram-reassembly"] = (22, OptionForm.Number16),
        ["default-ttl"] = (23, OptionForm.Number8),
        ["mtu"] = (26, OptionForm.Number16),
        ["all-subnets-local"] = (27, OptionForm.Number8),
        ["broadcast"] = (28, OptionForm.Addresses),
        ["router-discovery"] = (31, OptionForm.Number8),
        ["router-solicitation"] = (32, OptionForm.Addresses),
        ["static-route"] = (33, OptionForm.Addresses),
        ["trailer-encapsulation"] = (34, OptionForm.Number8),
        ["arp-timeout"] = (35, OptionForm.Number32),
        ["ethernet-encap"] = (36, OptionForm.Number8),
        ["tcp-ttl"] = (37, OptionForm.Number8),
        ["tcp-keepalive"] = (38, OptionForm.Number32),
        ["nis-domain"] = (40, OptionForm.Text),
        ["nis-server"] = (41, OptionForm.Addresses),
        ["ntp-server"] = (42, OptionForm.Addresses),
        ["vendor-encap"] = (43, OptionForm.Guess),
        ["netbios-ns"] = (44, OptionForm.Addresses),
        ["netbios-dd"] = (45, OptionForm.Addresses),
        ["netbios-nodetype"] = (46, OptionForm.Number8),
        ["netbios-scope"] = (47, OptionForm.Guess),
        ["x-windows-fs"] = (48, OptionForm.Addresses),
        ["x-windows-dm"] = (49, OptionForm.Addresses),
        ["lease-time"] = (51, OptionForm.Time),
        ["server-identifier"] = (54, OptionForm.Addresses),
        ["T1"] = (58, OptionForm.Time),
        ["T2"] = (59, OptionForm.Time),
        ["vendor-class"] = (60, OptionForm.Guess),
        ["nis+-domain"] = (64, OptionForm.Text),
        ["nis+-server"] = (65, OptionForm.Addresses),
        ["tftp-server"] = (66, OptionForm.Text),
        ["bootfile-name"] = (67, OptionForm.Text),
        ["mobile-ip-home"] = (68, OptionForm.Addresses),
        ["smtp-server"] = (69, OptionForm.Addresses),
        ["pop3-server"] = (70, OptionForm.Addresses),
        ["nntp-server"] = (71, OptionForm.Addresses),
        ["irc-server"] = (74, OptionForm.Addresses),
        ["user-class"] = (77, OptionForm.Guess),
        ["rapid-commit"] = (80, OptionForm.Guess),
        ["FQDN"] = (81, OptionForm.Guess),
        ["client-arch"] = (93, OptionForm.Numbers16),
        ["client-interface-id"] = (94, OptionForm.Guess),
        ["client-machine-id"] = (97, OptionForm.Guess),
        ["posix-timezone"] = (100, OptionForm.Text),
        ["tzdb-timezone"] = (101, OptionForm.Text),
        ["ipv6-only"] = (108, OptionForm.Time),
        ["subnet-select"] = (118, OptionForm.Addresses),
        ["domain-search"] = (119, OptionForm.DomainNames),
        ["sip-server"] = (120, OptionForm.SipServers),
        ["classless-static-route"] = (121, OptionForm.ClasslessRoutes),
        ["vendor-id-encap"] = (125, OptionForm.Guess),
        ["tftp-server-address"] = (150, OptionForm.Addresses),
        ["server-ip-address"] = (ServerIpAddress, OptionForm.Addresses),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<byte, OptionForm> ByCode = ByName.Values
        .Append((Dhcpv4OptionCode.MicrosoftClasslessStaticRoute, OptionForm.ClasslessRoutes))
        .ToFrozenDictionary(option => option.Item1, option => option.Item2);

    /// <summary>A name's number and form.</summary>
    public static bool TryFind(string name, out byte code, out OptionForm form)
    {
        var isKnown = ByName.TryGetValue(name, out var option);
        (code, form) = option;
        return isKnown;
    }

    /// <summary>The form of a number that has a name, else a guess.</summary>
    public static OptionForm FormOf(byte code) => ByCode.GetValueOrDefault(code, OptionForm.Guess);

    /// <summary>What belongs to the protocol and is no matter of configuration.</summary>
    public static bool IsReserved(byte code) => code is Dhcpv4OptionCode.Pad or Dhcpv4OptionCode.RequestedIpAddress or Dhcpv4OptionCode.LeaseTime
        or Dhcpv4OptionCode.OptionOverload or Dhcpv4OptionCode.MessageType or Dhcpv4OptionCode.ServerIdentifier or Dhcpv4OptionCode.ParameterRequestList
        or Dhcpv4OptionCode.Message or Dhcpv4OptionCode.MaximumMessageSize or Dhcpv4OptionCode.ClientIdentifier or Dhcpv4OptionCode.RelayAgentInformation;
}
