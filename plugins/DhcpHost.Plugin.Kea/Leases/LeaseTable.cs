using System.Globalization;
using System.Net;
using System.Text;
using DhcpHost.Plugin.Kea.Configuration;

namespace DhcpHost.Plugin.Kea.Leases;

/// <summary>Kea's lease file (memfile): a table with commas, to which every change is appended; the last row of an address counts.</summary>
internal static class LeaseTable
{
    private const string Comma = "&#x2c";
    private const string IPv4Header = "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context";
    private const string IPv6Header =
        "address,duid,valid_lifetime,expire,subnet_id,pref_lifetime,lease_type,iaid,prefix_len,fqdn_fwd,fqdn_rev,hostname,hwaddr,state,user_context,"
        + "hwtype,hwaddr_source";

    /// <summary>The files that hold a server's leases, older ones first. Kea tidies up beside the file that it appends to.</summary>
    public static IEnumerable<string> Files(string path) =>
        File.Exists(path + ".completed") ? [path + ".completed", path] : [path + ".2", path + ".1", path];

    /// <summary>Every file that may be there.</summary>
    public static IEnumerable<string> AllFiles(string path) => [path, path + ".1", path + ".2", path + ".output", path + ".completed", path + ".pid"];

    /// <summary>Reads the rows that count. What is no row is passed over: Kea may be writing.</summary>
    public static IReadOnlyList<KeaLease> Parse(IEnumerable<string> texts)
    {
        var byAddress = new Dictionary<IPAddress, KeaLease>();
        foreach (var text in texts)
        {
            var columns = Array.Empty<string>();
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                var fields = line.TrimEnd('\r').Split(',');
                if (fields[0] == "address")
                {
                    columns = fields;
                }
                else if (TryParse(columns, fields) is { } lease)
                {
                    byAddress[lease.Address] = lease;
                }
            }
        }

        // A row that takes a lease away says that it lasts no time.
        return [.. byAddress.Values.Where(lease => lease.ValidLifetime > 0)];
    }

    /// <summary>Writes a file that a server starts with. It finds the subnets of the leases itself.</summary>
    public static string Write(KeaFamily family, IEnumerable<KeaLease> leases)
    {
        var text = new StringBuilder(family == KeaFamily.V4 ? IPv4Header : IPv6Header).Append('\n');
        foreach (var lease in leases)
        {
            var name = lease.Hostname.Replace(",", Comma, StringComparison.Ordinal);
            _ = family == KeaFamily.V4
                ? text.Append(
                    CultureInfo.InvariantCulture,
                    $"{lease.Address},{lease.HwAddress},{lease.Identifier},{lease.ValidLifetime},{lease.Expires},{lease.SubnetId},0,0,{name},{lease.State},\n")
                : text.Append(
                    CultureInfo.InvariantCulture,
                    $"{lease.Address},{lease.Identifier},{lease.ValidLifetime},{lease.Expires},{lease.SubnetId},{lease.ValidLifetime},0,"
                        + $"{lease.Iaid ?? 0},128,0,0,{name},{lease.HwAddress},{lease.State},,,\n");
        }

        return text.ToString();
    }

    private static KeaLease? TryParse(string[] columns, string[] fields)
    {
        string Field(string name) => Array.IndexOf(columns, name) is var at and >= 0 && at < fields.Length
            ? fields[at].Replace(Comma, ",", StringComparison.Ordinal)
            : "";
        return IPAddress.TryParse(Field("address"), out var address)
            && uint.TryParse(Field("valid_lifetime"), NumberStyles.None, CultureInfo.InvariantCulture, out var lifetime)
            && long.TryParse(Field("expire"), NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && uint.TryParse(Field("subnet_id"), NumberStyles.None, CultureInfo.InvariantCulture, out var subnet)
            && int.TryParse(Field("state"), NumberStyles.None, CultureInfo.InvariantCulture, out var state)
            ? new()
            {
                Address = address,
                HwAddress = Field("hwaddr"),
                Identifier = Field(columns.Contains("duid") ? "duid" : "client_id"),
                Hostname = Field("hostname"),
                Iaid = uint.TryParse(Field("iaid"), NumberStyles.None, CultureInfo.InvariantCulture, out var iaid) ? iaid : null,
                ValidLifetime = lifetime,
                Expires = expires,
                SubnetId = subnet,
                State = state,
            }
            : null;
    }
}
