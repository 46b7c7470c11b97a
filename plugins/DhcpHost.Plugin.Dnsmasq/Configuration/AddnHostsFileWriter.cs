using System.Text;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Writes the file of names, in the form of <c>/etc/hosts</c>: also of addresses that this server leases to nobody.</summary>
internal static class AddnHostsFileWriter
{
    public static string Write(IEnumerable<HostEntry> entries)
    {
        var text = new StringBuilder();
        foreach (var entry in entries)
        {
            // The full name first: that is the one that a reverse lookup answers.
            _ = text.Append(AddressText.Plain(entry.Addresses[0])).Append('\t').Append(entry.Fqdn).Append(' ').Append(entry.Hostname).Append('\n');
        }

        return text.ToString();
    }
}
