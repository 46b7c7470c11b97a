namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>
/// What Kea 2.2 takes as the content of options that it knows (<c>src/lib/dhcp/std_option_defs.h</c>), where neither the option's name nor its number says to this
/// host what its content is: one octet too many and Kea would refuse the whole network.
/// </summary>
internal static class OptionShapes
{
    private const int RenewalTime = 58;
    private const int RebindingTime = 59;
    private const int VendorHead = 4;

    private static readonly HashSet<int> IPv4Addresses = [5, 8, 10, 11, 72, 73, 75, 76, 85, 89, 112, 136, 138];
    private static readonly HashSet<int> IPv4Numbers32 = [24, 91, 92];
    private static readonly HashSet<int> IPv4Numbers16 = [25, 117];
    private static readonly HashSet<int> IPv4Structured = [78, 79, 88, 124, 125, 137, 141, 146, 159, 212, 213];
    private static readonly HashSet<int> IPv6Addresses = [34, 40];
    private static readonly HashSet<int> IPv6Numbers32 = [82, 83];
    private static readonly HashSet<int> IPv6Structured = [12, 25, 26, 33, 39, 43, 44, 46, 47, 48, 51, 52, 57, 58, 64, 65, 74, 80, 88, 143];

    /// <summary>What is wrong; <c>null</c> for nothing.</summary>
    public static string? FindFault(KeaFamily family, int code, byte[] value) => family == KeaFamily.V4 ? FindIPv4Fault(code, value) : FindIPv6Fault(code, value);

    private static string? FindIPv4Fault(int code, byte[] value) => code switch
    {
        RenewalTime or RebindingTime => "Kea reckons this time itself; set renewal_time or rebinding_time instead",
        _ when IPv4Addresses.Contains(code) => Multiple(value, 4, "IPv4 addresses"),
        _ when IPv4Numbers32.Contains(code) => Exactly(value, 4),
        _ when IPv4Numbers16.Contains(code) => Multiple(value, 2, "numbers of two octets"),
        _ when IPv4Structured.Contains(code) => Structured,
        _ => null,
    };

    private static string? FindIPv6Fault(int code, byte[] value) => code switch
    {
        16 or 17 or 37 => value.Length >= VendorHead ? null : "it begins with an enterprise number of four octets",
        61 => Multiple(value, 2, "numbers of two octets"),
        _ when IPv6Addresses.Contains(code) => Multiple(value, 16, "IPv6 addresses"),
        _ when IPv6Numbers32.Contains(code) => Exactly(value, 4),
        _ when IPv6Structured.Contains(code) || code < 6 => Structured,
        _ => null,
    };

    private const string Structured = "Kea takes it only in a form of its own, which this driver does not write; leave it out, or use the driver dnsmasq";

    private static string? Multiple(byte[] value, int size, string what) => value.Length % size == 0 ? null : $"its value is not {what}, which Kea wants there";

    private static string? Exactly(byte[] value, int size) => value.Length == size ? null : $"Kea wants {size} octets there; write them as colon-separated hex";
}
