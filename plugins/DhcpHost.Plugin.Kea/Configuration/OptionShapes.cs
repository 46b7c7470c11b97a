using System.Buffers;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>
/// What Kea 2.2 takes as the content of options that it knows (<c>src/lib/dhcp/std_option_defs.h</c>), where neither the option's name nor its number says
/// to this host what its content is: one octet too many and Kea would refuse the whole network.
/// </summary>
internal static class OptionShapes
{
    private const int RenewalTime = 58;
    private const int RebindingTime = 59;
    private const int VendorHead = 4;

    private const string Structured = "Kea takes it only in a form of its own, which this driver does not write; leave it out, or use the driver dnsmasq";

    private static readonly SearchValues<byte> NameOctets = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);
    private static readonly HashSet<int> IPv4Addresses = [4, 5, 8, 10, 11, 72, 73, 75, 76, 85, 89, 112, 136, 138];
    private static readonly HashSet<int> IPv4Numbers32 = [24, 91, 92];
    private static readonly HashSet<int> IPv4Numbers16 = [25, 117];
    private static readonly HashSet<int> IPv4Structured = [78, 79, 81, 88, 124, 125, 137, 141, 146, 159, 212, 213];
    private static readonly HashSet<int> IPv6Names = [21, 24, 29, 30];
    private static readonly HashSet<int> IPv6Addresses = [12, 34, 40, 47, 48, 52, 80, 88, 143];
    private static readonly HashSet<int> IPv6Numbers32 = [46, 82, 83];
    private static readonly HashSet<int> IPv6Numbers16 = [43, 61];
    private static readonly HashSet<int> IPv6Structured = [8, 16, 17, 33, 39, 44, 51, 57, 58, 64, 65, 74];

    /// <summary>What is wrong; <c>null</c> for nothing.</summary>
    public static string? FindFault(KeaFamily family, int code, byte[] value) => family == KeaFamily.V4
        ? FindIPv4Fault(code, value)
        : FindIPv6Fault(code, value);

    private static string? FindIPv4Fault(int code, byte[] value) => code switch
    {
        RenewalTime or RebindingTime => "Kea reckons this time itself; set renewal_time or rebinding_time instead",
        _ when IPv4Addresses.Contains(code) => Multiple(value, 4, "IPv4 addresses"),
        _ when IPv4Numbers32.Contains(code) => Exactly(value, 4),
        _ when IPv4Numbers16.Contains(code) => Multiple(value, 2, "numbers of two octets"),
        _ when IPv4Structured.Contains(code) => Structured,
        119 => FindNameFault(value),
        94 => AtLeast(value, 3),
        _ => null,
    };

    private static string? FindIPv6Fault(int code, byte[] value) => code switch
    {
        36 or 67 or 135 => AtLeast(value, 2),
        62 => AtLeast(value, 3),
        37 => AtLeast(value, VendorHead),
        _ when IPv6Names.Contains(code) => FindNameFault(value),
        _ when IPv6Addresses.Contains(code) => Multiple(value, 16, "IPv6 addresses"),
        _ when IPv6Numbers32.Contains(code) => Exactly(value, 4),
        _ when IPv6Numbers16.Contains(code) => Multiple(value, 2, "numbers of two octets"),
        _ when IPv6Structured.Contains(code) || code < 6 => Structured,
        _ => null,
    };

    private static string? Multiple(byte[] value, int size, string what) => value.Length % size == 0 ? null : $"its value is not {what}, which Kea wants there";

    /// <summary>Kea writes names out as text and reads them again, where other characters than a host name's are escaped.</summary>
    private static string? FindNameFault(byte[] value)
    {
        for (var at = 0; at < value.Length; at += value[at] + 1)
        {
            if (at + value[at] >= value.Length || value.AsSpan(at + 1, value[at]).ContainsAnyExcept(NameOctets))
            {
                return "its names are not of letters, digits, '-' and '_', which Kea wants there";
            }
        }

        return null;
    }

    private static string? AtLeast(byte[] value, int size) =>
        value.Length >= size ? null : $"Kea wants {size} octets or more there; write them as colon-separated hex";

    private static string? Exactly(byte[] value, int size) => value.Length == size ? null : $"Kea wants {size} octets there; write them as colon-separated hex";
}
