using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using DhcpHost.Dhcp.V6;

namespace DhcpHost.Serving.V6;

/// <summary>
/// Makes bytes of a DHCPv6 option as people write it. Names and forms of values are dnsmasq's (its man page, <c>--dhcp-option</c>), since
/// that is what Neutron's users know.
/// </summary>
public static class V6OptionEncoder
{
    private const int MaxLength = 1024;

    private enum Form
    {
        Guess,
        Addresses,
        Domains,
        Text,
        CountedTexts,
        Seconds,
        TimeServers,
    }

    private static readonly Dictionary<string, (ushort Code, Form Form)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sip-server-domain"] = (21, Form.Domains),
        ["sip-server"] = (22, Form.Addresses),
        ["dns-server"] = (23, Form.Addresses),
        ["domain-search"] = (24, Form.Domains),
        ["nis-server"] = (27, Form.Addresses),
        ["nis+-server"] = (28, Form.Addresses),
        ["nis-domain"] = (29, Form.Domains),
        ["nis+-domain"] = (30, Form.Domains),
        ["sntp-server"] = (31, Form.Addresses),
        ["information-refresh-time"] = (32, Form.Seconds),
        ["posix-timezone"] = (41, Form.Text),
        ["tzdb-timezone"] = (42, Form.Text),
        ["ntp-server"] = (56, Form.TimeServers),
        ["bootfile-url"] = (59, Form.Text),
        ["bootfile-param"] = (60, Form.CountedTexts),
    };

    private static readonly Dictionary<ushort, Form> Forms = Known.Values.ToDictionary(option => option.Code, option => option.Form);

    /// <summary>Encodes one.</summary>
    /// <param name="name">A name or a number, without tags.</param>
    /// <param name="value">The value as text; empty for an option without content.</param>
    /// <param name="code">Its code.</param>
    /// <param name="data">Its content.</param>
    /// <returns>What is wrong with it; <c>null</c> for nothing.</returns>
    public static string? FindFault(string name, string value, out Dhcpv6OptionCode code, out byte[] data)
    {
        code = default;
        data = [];
        var form = Form.Guess;
        if (Known.TryGetValue(name, out var known))
        {
            (code, form) = ((Dhcpv6OptionCode)known.Code, known.Form);
        }
        else if (ushort.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            (code, form) = ((Dhcpv6OptionCode)number, Forms.GetValueOrDefault(number));
        }
        else
        {
            return $"there is no DHCPv6 option '{name}'; use its number, from 1 to 65535";
        }

        if (code is <= Dhcpv6OptionCode.OptionRequest or Dhcpv6OptionCode.RelayMessage or Dhcpv6OptionCode.StatusCode or Dhcpv6OptionCode.RapidCommit
            or Dhcpv6OptionCode.InterfaceId or Dhcpv6OptionCode.IaPd or Dhcpv6OptionCode.IaPrefix)
        {
            return $"option {(ushort)code} is the protocol's own (RFC 8415); leave it out";
        }

        if (value.Length == 0)
        {
            return null;
        }

        var bytes = form switch
        {
            Form.Addresses => Addresses(value),
            Form.Domains => Domains(value),
            Form.Text => Encoding.UTF8.GetBytes(value),
            Form.CountedTexts => CountedTexts(value),
            Form.Seconds => Number(value, 4),
            Form.TimeServers => TimeServers(value),
            _ => Guess(value),
        };
        if (bytes is null)
        {
            return $"its value is not {Describe(form)}";
        }

        if (bytes.Length > MaxLength)
        {
            return $"its value takes more than {MaxLength} bytes; make it shorter";
        }

        data = bytes;
        return null;
    }

    /// <summary>Domains in the form of RFC 1035 section 3.1, one after the other; <c>null</c> where one is none.</summary>
    public static byte[]? Domains(string text)
    {
        var bytes = new List<byte>();
        foreach (var domain in Items(text))
        {
            var labels = domain.TrimEnd('.').Split('.');
            if (domain.Length > 253 || labels.Any(label => label.Length is 0 or > 63 || !Ascii.IsValid(label)))
            {
                return null;
            }

            foreach (var label in labels)
            {
                bytes.Add((byte)label.Length);
                bytes.AddRange(Encoding.ASCII.GetBytes(label));
            }

            bytes.Add(0);
        }

        return [.. bytes];
    }

    private static byte[] Guess(string value)
    {
        if (Addresses(value) is { } addresses)
        {
            return addresses;
        }

        var octets = value.Split(':');
        if (octets.Length > 1 && octets.All(octet => octet.Length is 1 or 2 && octet.All(char.IsAsciiHexDigit)))
        {
            return [.. octets.Select(octet => byte.Parse(octet, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
        }

        if (uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Number(value, number <= byte.MaxValue ? 1 : number <= ushort.MaxValue ? 2 : 4)!;
        }

        return Encoding.UTF8.GetBytes(value);
    }

    private static byte[]? Addresses(string text)
    {
        var bytes = new List<byte>();
        foreach (var item in Items(text))
        {
            if (Address(item) is not { } address)
            {
                return null;
            }

            bytes.AddRange(address.GetAddressBytes());
        }

        return [.. bytes];
    }

    /// <summary>RFC 5908 section 4: unicast and multicast addresses and names are suboptions 1, 2 and 3.</summary>
    private static byte[]? TimeServers(string text)
    {
        var bytes = new List<byte>();
        foreach (var item in Items(text))
        {
            var address = Address(item);
            var content = address?.GetAddressBytes() ?? Domains(item);
            if (content is null)
            {
                return null;
            }

            bytes.AddRange([0, (byte)(address is null ? 3 : address.IsIPv6Multicast ? 2 : 1), (byte)(content.Length >> 8), (byte)content.Length]);
            bytes.AddRange(content);
        }

        return [.. bytes];
    }

    private static byte[] CountedTexts(string text)
    {
        var bytes = new List<byte>();
        foreach (var item in Items(text))
        {
            var content = Encoding.UTF8.GetBytes(item);
            bytes.AddRange([(byte)(content.Length >> 8), (byte)content.Length]);
            bytes.AddRange(content);
        }

        return [.. bytes];
    }

    private static byte[]? Number(string text, int length)
    {
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes[^length..];
    }

    private static IPAddress? Address(string item)
    {
        var text = item.StartsWith('[') && item.EndsWith(']') ? item[1..^1] : item;
        return text.Contains(':') && IPAddress.TryParse(text, out var address) && address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: 0 }
            ? address
            : null;
    }

    private static string[] Items(string text) => text.Split(',', StringSplitOptions.TrimEntries);

    private static string Describe(Form form) => form switch
    {
        Form.Addresses => "a list of IPv6 addresses",
        Form.Domains => "a list of domain names",
        Form.Seconds => "a number of seconds",
        Form.TimeServers => "a list of IPv6 addresses or names",
        _ => "what the option takes",
    };
}
