using System.Net;
using System.Text;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Writes the leases file that a server starts with.</summary>
/// <remarks>
/// As in Neutron, every IPv4 reservation is in it without an end, so that the server knows a client that it never met (another server gave it the
/// address); leases of DHCPv6 are kept where their port still has the address. Beyond that, what a client really confirmed is kept as it is, and so is
/// every lease from a dynamic pool.
/// </remarks>
internal static class LeasesFileWriter
{
    public static string Write(IEnumerable<HostEntry> entries, SubnetSet subnets, bool leasesMayBeEndless, string? existing)
    {
        var old = LeasesFile.Parse(existing ?? "");
        var byAddress = new Dictionary<IPAddress, LeaseRow>();
        foreach (var row in old.Rows)
        {
            byAddress[row.Address] = row;
        }

        var text = new StringBuilder();
        if (old.Duid is not null)
        {
            _ = text.Append("duid ").Append(old.Duid).Append('\n');
        }

        foreach (var entry in entries)
        {
            if (!entry.NeedsNoAddress && FindLine(entry, subnets, byAddress) is { } line)
            {
                _ = text.Append(line).Append('\n');
            }

            _ = byAddress.Remove(entry.Addresses[0]);
        }

        foreach (var row in old.Rows)
        {
            if (byAddress.ContainsKey(row.Address) && !(row.IsSeed(leasesMayBeEndless: false) && !leasesMayBeEndless) && subnets.IsDynamic(row.Address))
            {
                _ = text.Append(row.Line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string? FindLine(HostEntry entry, SubnetSet subnets, Dictionary<IPAddress, LeaseRow> existing)
    {
        var address = entry.Addresses[0];
        var row = existing.GetValueOrDefault(address);
        if (subnets.IsServed(entry.SubnetId, 6))
        {
            return row?.Line;
        }

        if (!subnets.IsServed(entry.SubnetId, 4) || entry.Port.MacAddress is not { } mac)
        {
            return null;
        }

        return row is not null && row.Owner.Equals(mac.ToString(), StringComparison.OrdinalIgnoreCase) ? row.Line : $"0 {mac} {AddressText.Plain(address)} * *";
    }
}
