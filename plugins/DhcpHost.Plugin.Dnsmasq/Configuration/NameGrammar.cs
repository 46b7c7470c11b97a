using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Host and domain names, as dnsmasq takes them in host lines, in addn-hosts files and on its command line.</summary>
internal static class NameGrammar
{
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;
    private const string Cure = "give it a name of ASCII letters, digits, '-' and '_' in labels of at most 63 characters";

    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>What is wrong with a name that is written into a host line; <c>null</c> for nothing.</summary>
    /// <remarks>
    /// A field of a host line is what it looks like: digits with an optional unit are a lease time, <c>ignore</c> and <c>infinite</c> are commands,
    /// and a dotted quad is an address (dnsmasq, <c>option.c</c>, <c>LOPT_BANK</c>).
    /// </remarks>
    public static string? FindHostnameFault(string name)
    {
        if (FindDomainFault(name) is { } fault)
        {
            return fault;
        }

        if (name[0] is '-' or '_')
        {
            return $"a host name begins with a letter or digit; {Cure}";
        }

        if (name is "ignore" or "infinite" || IsLeaseTime(name))
        {
            return "dnsmasq would take it for a command or a lease time; give it another name";
        }

        return IPAddress.TryParse(name, out var address) && address.AddressFamily == AddressFamily.InterNetwork
            ? "dnsmasq would take it for an address; give it another name"
            : null;
    }

    /// <summary>What is wrong with a domain name, with or without its final dot; <c>null</c> for nothing.</summary>
    public static string? FindDomainFault(string name)
    {
        var text = name.AsSpan();
        if (text.EndsWith("."))
        {
            text = text[..^1];
        }

        if (text.IsEmpty || text.Length > MaxNameLength)
        {
            return $"a name has 1 to {MaxNameLength} characters";
        }

        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.IsEmpty || label.Length > MaxLabelLength || label.ContainsAnyExcept(LabelCharacters))
            {
                return $"it is no host name that dnsmasq can be told; {Cure}";
            }
        }

        return null;
    }

    private static bool IsLeaseTime(string name)
    {
        var digits = name.AsSpan().TrimEnd("wWdDhHmMsS");
        return name.Length - digits.Length <= 1 && !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');
    }
}
