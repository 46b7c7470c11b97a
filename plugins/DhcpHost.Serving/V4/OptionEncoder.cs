using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DhcpHost.Serving.V4;

/// <summary>Turns the text of an option's value into octets, by dnsmasq's grammar as far as it makes sense for a server of one network.</summary>
public static class OptionEncoder
{
    private const int MaxValue = 1024;
    private const int MaxLabel = 63;
    private const int MaxName = 253;
    private const byte SipNames = 0;
    private const byte SipAddresses = 1;

    /// <summary>Encodes a value.</summary>
    /// <param name="text">Items parted by commas.</param>
    /// <param name="form">What the option holds.</param>
    /// <param name="value">The octets.</param>
    /// <returns>What is wrong with the text, and what cures it; <c>null</c> for nothing.</returns>
    public static string? TryEncode(string text, OptionForm form, out byte[] value)
    {
        value = [];
        var bytes = new List<byte>();
        var fault = Encode(text.Trim(), form, bytes);
        if (fault is null && bytes.Count > MaxValue)
        {
            fault = $"it takes {bytes.Count} octets, more than {MaxValue}; make it shorter";
        }

        value = fault is null ? [.. bytes] : [];
        return fault;
    }

    private static string? Encode(string text, OptionForm form, List<byte> bytes)
    {
        var items = text.Split(',', StringSplitOptions.TrimEntries);
        return form switch
        {
            OptionForm.Text => AddText(text, bytes),
            OptionForm.Addresses => AddAddresses(items, bytes),
            OptionForm.Number8 => AddNumber(text, 1, bytes),
            OptionForm.Number16 => AddNumber(text, 2, bytes),
            OptionForm.Numbers16 => items.Select(item => AddNumber(item, 2, bytes)).FirstOrDefault(fault => fault is not null),
            OptionForm.Number32 => AddNumber(text, 4, bytes),
            OptionForm.Time => AddTime(text, bytes),
            OptionForm.DomainNames => AddNames(items, bytes),
            OptionForm.SipServers => AddSipServers(items, bytes),
            OptionForm.ClasslessRoutes => AddRoutes(items, bytes),
            _ => Guess(text, items, bytes),
        };
    }

    private static string? Guess(string text, string[] items, List<byte> bytes)
    {
        if (items.All(item => TryAddress(item, out _)))
        {
            return AddAddresses(items, bytes);
        }

        if (text.Contains(':', StringComparison.Ordinal) && TryHex(text, bytes))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is >= int.MinValue and <= uint.MaxValue)
        {
            return AddNumber(text, number is >= 0 and <= byte.MaxValue ? 1 : number is >= 0 and <= ushort.MaxValue ? 2 : 4, bytes);
        }

        return AddText(text, bytes);
    }

    private static string? AddText(string text, List<byte> bytes)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                return "it has a line break, a control character or half a character; write binary values as colon-separated hex";
            }
        }

        bytes.AddRange(Encoding.UTF8.GetBytes(text));
        return null;
    }

    private static string? AddAddresses(string[] items, List<byte> bytes)
    {
        foreach (var item in items)
        {
            if (!TryAddress(item, out var address))
            {
                return $"'{Short(item)}' is not an IPv4 address; write addresses with commas between them";
            }

            bytes.AddRange(address!.GetAddressBytes());
        }

        return null;
    }

    private static string? AddNumber(string text, int size, List<byte> bytes)
    {
        var max = size == 4 ? uint.MaxValue : (1L << (8 * size)) - 1;
        var min = size == 4 ? int.MinValue : 0;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < min || number > max)
        {
            return $"'{Short(text)}' is not a number from {min} to {max}";
        }

        for (var i = size - 1; i >= 0; i--)
        {
            bytes.Add((byte)(number >> (8 * i)));
        }

        return null;
    }

    private static string? AddTime(string text, List<byte> bytes)
    {
        var digits = text.AsSpan().TrimEnd("sSmMhHdDwW");
        var unit = digits.Length == text.Length ? 's' : char.ToLowerInvariant(text[^1]);
        var factor = unit switch { 'm' => 60L, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, _ => 1 };
        long seconds = uint.MaxValue;
        if (text != "infinite" && (text.Length - digits.Length > 1 || !uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || (seconds = count * factor) > uint.MaxValue))
        {
            return $"'{Short(text)}' is not a time: a number of seconds, or one with a unit s, m, h, d, w, or 'infinite'";
        }

        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)seconds);
        bytes.AddRange(octets);
        return null;
    }

    private static string? AddNames(string[] items, List<byte> bytes)
    {
        foreach (var item in items)
        {
            var name = item.TrimEnd('.');
            var labels = name.Split('.');
            if (name.Length is 0 or > MaxName || labels.Any(label => label.Length is 0 or > MaxLabel || !Ascii.IsValid(label) || label.Any(char.IsControl)))
            {
                return $"'{Short(item)}' is not a domain name of ASCII labels of at most {MaxLabel} characters";
            }

            foreach (var label in labels)
            {
                bytes.Add((byte)label.Length);
                bytes.AddRange(Encoding.ASCII.GetBytes(label));
            }

            bytes.Add(0);
        }

        return null;
    }

    private static string? AddSipServers(string[] items, List<byte> bytes)
    {
        var areAddresses = items.All(item => TryAddress(item, out _));
        bytes.Add(areAddresses ? SipAddresses : SipNames);
        return areAddresses ? AddAddresses(items, bytes) : AddNames(items, bytes);
    }

    private static string? AddRoutes(string[] items, List<byte> bytes)
    {
        if (items.Length % 2 != 0)
        {
            return "it is not destinations and routers by turns, as in 10.0.0.0/8,192.0.2.1";
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            if (!TryNetwork(items[i], out var destination) || !TryAddress(items[i + 1], out var router))
            {
                return $"'{Short(items[i])},{Short(items[i + 1])}' is not a destination and a router, as in 10.0.0.0/8,192.0.2.1";
            }

            RouteEncoder.Add(destination, router!, bytes);
        }

        return null;
    }

    private static bool TryNetwork(string text, out IPNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var length = 32;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > 32))
        {
            return false;
        }

        // As dnsmasq does, host bits are no matter.
        var mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        network = new(Address.Of(Address.ToNumber(address!) & mask), length);
        return true;
    }

    private static bool TryHex(string text, List<byte> bytes)
    {
        var octets = new List<byte>();
        foreach (var item in text.Split(':'))
        {
            if (item.Length is 0 or > 2 || !byte.TryParse(item, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            octets.Add(octet);
        }

        bytes.AddRange(octets);
        return true;
    }

    private static bool TryAddress(string text, out IPAddress? address)
    {
        // Not "10" nor "10.1", which are addresses to the parser alone.
        address = null;
        return text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out address) && address.AddressFamily == AddressFamily.InterNetwork;
    }

    private static string Short(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "…");
}
