using System.Globalization;
using DhcpHost.Plugin.Files.Config;
using DhcpHost.Toml;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>Options have a name or number and a value that is one line of text.</summary>
internal sealed class OptionRule : INetworkConfigRule
{
    private const int MaxOptions = 64;
    private const int MaxIpv4Code = 254;
    private const int MaxIpv6Code = 65_535;
    private const int MaxValue = 255;

    public void Check(NetworkConfig network, NetworkFindings findings)
    {
        CheckOptions(network.Options, "options", MaxIpv4Code, findings);
        CheckOptions(network.Options6, "options6", MaxIpv6Code, findings);
        for (var i = 0; i < network.Subnets.Count; i++)
        {
            var isIpv6 = Addresses.AddressNumber.IsIpv6(network.Subnets[i].Cidr.BaseAddress);
            CheckOptions(network.Subnets[i].Options, $"subnets[{i}].options", isIpv6 ? MaxIpv6Code : MaxIpv4Code, findings);
        }

        for (var i = 0; i < network.Reservations.Count; i++)
        {
            var reservation = network.Reservations[i];
            if (reservation.Options.Count > 0)
            {
                CheckOptions(reservation.Options, $"reservations[{i}].options", MaxIpv4Code, findings);
            }

            if (reservation.Options6.Count > 0)
            {
                CheckOptions(reservation.Options6, $"reservations[{i}].options6", MaxIpv6Code, findings);
            }
        }
    }

    /// <summary>An option's value as servers take it: a list's items with commas between them. <c>null</c> where it is none.</summary>
    public static string? Text(object value) => value switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        object[] items when items.Length > 0 && items.All(item => item is string { Length: > 0 } or long) => string.Join(',', items.Select(Text)),
        _ => null,
    };

    private static void CheckOptions(Dictionary<string, object> options, string table, int maxCode, NetworkFindings findings)
    {
        if (options.Count > MaxOptions)
        {
            findings.Add(table, $"must have at most {MaxOptions} options, has {options.Count}");
        }

        foreach (var (name, value) in options)
        {
            var key = TomlDocument.JoinKey(table, name);
            var isCode = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var code);
            if (isCode ? code < 1 || code > maxCode || name[0] == '0' : !PlainText.IsOptionName(name))
            {
                findings.Add(key, $"must be an option's name in lower case, such as ntp-server, or its number, 1 to {maxCode}");
            }

            CheckValue(value, key, findings);
        }
    }

    private static void CheckValue(object value, string key, NetworkFindings findings)
    {
        if (Text(value) is not { } text)
        {
            findings.Add(key, "must be a string, an integer, or a list of them that is not empty");
            return;
        }

        var items = value is object[] list ? list : [value];
        if (items.Any(item => item is string word && !PlainText.IsValue(word)))
        {
            findings.Add(key, PlainText.ValueRule, "write several values as a list: [\"a\", \"b\"]");
        }

        if (text.Length > MaxValue)
        {
            findings.Add(key, $"must have at most {MaxValue} characters, has {text.Length}");
        }
    }
}
