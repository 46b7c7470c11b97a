using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Neutron.Settings;

/// <summary>
/// What stands around the brokers of a <c>transport_url</c> (oslo.messaging, <c>transport.py</c>): no message about it shows any of it but the scheme.
/// </summary>
/// <param name="Url">The URL without its options. It names a broker: where none is given, <c>localhost</c>, as in oslo.messaging.</param>
/// <param name="Options">Options after the question mark, which count more than those of <c>[oslo_messaging_rabbit]</c>.</param>
internal sealed record TransportUrlText(string Url, IReadOnlyList<(string Name, string Value)> Options)
{
    private const string SchemeEnd = "://";
    private const string NoBroker = "localhost";

    public static bool TryRead(string text, [NotNullWhen(true)] out TransportUrlText? url, [NotNullWhen(false)] out string? problem)
    {
        (url, problem) = (null, null);
        text = text.Trim();
        var end = text.IndexOf(SchemeEnd, StringComparison.Ordinal);
        var scheme = end < 0 ? "" : text[..end];
        if (scheme is not ("rabbit" or "kombu"))
        {
            problem = scheme.Length == 0 ? "it is not of the form rabbit://user:password@host:port/vhost" : $"the transport {scheme} is not offered: rabbit is";
            return false;
        }

        var question = text.IndexOf('?', end);
        var options = question < 0 ? [] : text[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries).Select(ReadOption).ToList();
        var rest = text[(end + SchemeEnd.Length)..(question < 0 ? text.Length : question)];
        var isBare = rest.Length == 0 || rest[0] == '/';
        url = new($"rabbit{SchemeEnd}{(isBare ? NoBroker : "")}{rest}", options);
        return true;
    }

    private static (string Name, string Value) ReadOption(string item)
    {
        var equals = item.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (item, "") : (Uri.UnescapeDataString(item[..equals]), Uri.UnescapeDataString(item[(equals + 1)..].Replace('+', ' ')));
    }
}
