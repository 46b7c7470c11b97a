using System.Text;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Writes the file of reservations: one line for each address, or for each client that needs options alone.</summary>
internal sealed class HostsFileWriter(SubnetSet subnets, RefusalList refusals)
{
    private const string IPv6Tag = "tag:dhcpv6";

    public string Write(IEnumerable<HostEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            if (MakeFields(entry) is not { } fields)
            {
                continue;
            }

            var line = string.Join(',', fields);
            if (line.Length > OptionGrammar.MaxLineBytes)
            {
                refusals.Add(
                    $"port {entry.Port.Id}",
                    $"its host line is longer than the {OptionGrammar.MaxLineBytes} bytes that dnsmasq reads; "
                    + "give it fewer addresses on one subnet");
                continue;
            }

            _ = text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    private List<string>? MakeFields(HostEntry entry)
    {
        var hasOptions = !entry.Port.ExtraDhcpOptions.IsEmpty;
        if (entry.NeedsNoAddress)
        {
            if (entry.NeedsNoOptions || !hasOptions || FindIdentity(entry) is not { } anyIdentity)
            {
                return null;
            }

            // Neutron's driver writes no client id here, and one would not say more than the MAC address does.
            List<string> optionsOnly = entry.Port.MacAddress is null ? anyIdentity : [entry.Port.MacAddress.Value.ToString(), IPv6Tag];
            optionsOnly.Add(PortTag.Set(entry.Port));
            return optionsOnly;
        }

        if (subnets.Find(entry.SubnetId) is not { EnableDhcp: true } || FindIdentity(entry) is not { } fields)
        {
            return null;
        }

        fields.Add(entry.Fqdn);
        fields.AddRange(entry.Addresses.Select(AddressText.Bracketed));
        if (PortTag.IsNeeded(entry.Port))
        {
            fields.Add(PortTag.Set(entry.Port));
        }

        return fields;
    }

    private List<string>? FindIdentity(HostEntry entry)
    {
        var fields = new List<string>(6);
        if (entry.Port.MacAddress is { } mac)
        {
            fields.Add(mac.ToString());
        }

        var id = FindId(entry);
        if (fields.Count == 0 && id is null)
        {
            refusals.Add(
                $"port {entry.Port.Id} address {AddressText.Plain(entry.Addresses[0])}",
                $"it has neither a MAC address nor a {(entry.IsIPv6 ? "DUID" : "client identifier")} to know the client by; give it one");
            return null;
        }

        if (entry.IsIPv6)
        {
            fields.Add(IPv6Tag);
        }

        if (id is not null)
        {
            fields.Add($"id:{id}");
        }

        return fields;
    }

    private string? FindId(HostEntry entry)
    {
        var port = entry.Port;
        var (id, fault) = entry.IsIPv6 && port.Duid is { } duid
            ? (duid, ClientIdGrammar.FindHexFault(duid))
            : ClientIdentifier.Of(port) is { } clientId ? (clientId, ClientIdGrammar.FindFault(clientId)) : (null, null);
        if (fault is null)
        {
            return id;
        }

        refusals.Add($"port {port.Id} client identifier {RefusalList.Quote(id!)}", fault);
        return null;
    }
}
