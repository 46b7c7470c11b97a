using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>
/// <c>rabbit://user:password@host:port[,user:password@host:port]/vhost[?ssl=1]</c> as oslo.messaging's <c>transport.py</c> reads it: each host
/// has its own user and password, or none. No message about it contains a password.
/// </summary>
/// <param name="Brokers">At least one, in the order of the URL.</param>
/// <param name="VirtualHost">The virtual host; <c>/</c> where none is given.</param>
/// <param name="Ssl">What the query's <c>ssl</c> says; <c>null</c> where it says nothing.</param>
internal sealed record TransportUrl(IReadOnlyList<BrokerAddress> Brokers, string VirtualHost, bool? Ssl)
{
    private const int DefaultPort = 5672;
    private const string SchemeEnd = "://";

    public static bool TryParse(string text, [NotNullWhen(true)] out TransportUrl? url, [NotNullWhen(false)] out string? problem)
    {
        url = null;
        text = text.Trim();
        var start = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (start < 0 || text[..start] is not ("rabbit" or "kombu" or "amqp"))
        {
            problem = "must begin with rabbit://";
            return false;
        }

        var rest = text[(start + SchemeEnd.Length)..];
        var query = Cut(ref rest, '?');
        var path = Cut(ref rest, '/');
        var brokers = new List<BrokerAddress>();
        foreach (var part in rest.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ReadBroker(part) is not { } broker)
            {
                problem = $"must name brokers as user:password@host:port; number {brokers.Count + 1} is not of that form";
                return false;
            }

            brokers.Add(broker);
        }

        if (brokers.Count == 0)
        {
            problem = "must name a broker";
            return false;
        }

        if (!ReadQuery(query, out var ssl, out problem))
        {
            return false;
        }

        url = new(brokers, path.Length == 0 ? "/" : Uri.UnescapeDataString(path), ssl);
        return true;
    }

    private static string Cut(ref string text, char separator)
    {
        var index = text.IndexOf(separator, StringComparison.Ordinal);
        var rest = index < 0 ? "" : text[(index + 1)..];
        text = index < 0 ? text : text[..index];
        return rest;
    }

    private static BrokerAddress? ReadBroker(string text)
    {
        var at = text.LastIndexOf('@');
        var user = at < 0 ? "" : text[..at];
        var password = Cut(ref user, ':');
        var address = text[(at + 1)..];
        var port = DefaultPort;
        // A colon after the brackets of an IPv6 address, or the only one.
        var colon = address.LastIndexOf(':');
        if (colon > address.LastIndexOf(']'))
        {
            if (!int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > ushort.MaxValue)
            {
                return null;
            }

            address = address[..colon];
        }

        address = address.StartsWith('[') && address.EndsWith(']') ? address[1..^1] : address;
        return Uri.CheckHostName(address) == UriHostNameType.Unknown
            ? null
            : new(address, port, Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
    }

    private static bool ReadQuery(string query, out bool? ssl, [NotNullWhen(false)] out string? problem)
    {
        ssl = null;
        problem = null;
        foreach (var item in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = item;
            var value = Cut(ref name, '=');
            if (name != "ssl")
            {
                problem = $"must have no option but ssl after the question mark: write {name} as a key of its own";
                return false;
            }

            ssl = value.ToUpperInvariant() switch
            {
                "1" or "TRUE" or "YES" or "ON" => true,
                "0" or "FALSE" or "NO" or "OFF" => false,
                _ => null,
            };
            if (ssl is null)
            {
                problem = "must have ssl=1 or ssl=0 after the question mark";
                return false;
            }
        }

        return true;
    }
}
