using System.Globalization;
using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>What dnsmasq's leases file says (dnsmasq, <c>lease.c</c>). Lines that are no leases are passed over: dnsmasq may be writing.</summary>
/// <param name="Duid">The server's own DUID as text; <c>null</c> where it has none yet.</param>
/// <param name="Rows">The leases.</param>
internal sealed record LeasesFile(string? Duid, IReadOnlyList<LeaseRow> Rows)
{
    private const string DuidWord = "duid ";
    private const int Fields = 5;

    /// <summary>The text of a file with these leases in place of those that an older one has; the server's own DUID stays.</summary>
    public static string Replace(string? text, IEnumerable<Lease> leases)
    {
        var duid = Parse(text ?? "").Duid;
        var lines = leases.Select(LeaseRow.TryWrite).OfType<string>();
        return string.Concat((duid is null ? lines : lines.Prepend(DuidWord + duid)).Select(line => line + "\n"));
    }

    /// <summary>
    /// The text of a file whose server has a DUID: the one that it has; else DUID-LL (RFC 8415 section 11.4) of the link, which the other drivers have too,
    /// so that clients that renew after a change of the driver name the right server.
    /// </summary>
    public static string WithDuid(string? text, MacAddress link) =>
        Parse(text ?? "").Duid is null ? $"{DuidWord}00:03:00:01:{link}\n{text}" : text!;

    public static LeasesFile Parse(string text)
    {
        string? duid = null;
        var rows = new List<LeaseRow>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(DuidWord, StringComparison.Ordinal))
            {
                var words = line[DuidWord.Length..].Trim();
                duid ??= ClientIdGrammar.IsHex(words) ? words : null;
                continue;
            }

            var fields = line.Split(' ');
            if (fields.Length == Fields
                && long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
                && IPAddress.TryParse(fields[2].Trim('[', ']'), out var address)
                && (fields[4] == "*" || ClientIdGrammar.IsHex(fields[4])))
            {
                rows.Add(new(expires, fields[1], address, fields[3], fields[4], line));
            }
        }

        return new(duid, rows);
    }
}
