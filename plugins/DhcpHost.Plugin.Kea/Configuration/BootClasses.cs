using System.Globalization;
using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Network boot: what all clients load, and a class for each rule. Kea takes the file of the first class that a client is in.</summary>
internal sealed class BootClasses
{
    private const int MaxFile = 127;
    private const int MaxServerName = 63;
    private const int ArchitecturesLookedAt = 4;

    private BootClasses(Network network, NetworkBoot boot, RefusalList refusals)
    {
        NextServer = boot.NextServer?.IpVersion() == 4 ? boot.NextServer.ToString() : null;
        if (boot.NextServer is { } other && NextServer is null)
        {
            refusals.Add($"network {network.Id} boot server {other}", "DHCPv4 carries an IPv4 address alone; give it one");
        }

        ServerName = Check(boot.ServerName, MaxServerName, $"network {network.Id} boot server name", refusals);
        FileName = Check(boot.FileName, MaxFile, $"network {network.Id} boot file", refusals);
        var classes = new List<KeaClass>();
        for (var i = 0; i < boot.Rules.Count; i++)
        {
            var rule = boot.Rules[i];
            if (Check(rule.FileName, MaxFile, $"network {network.Id} boot rule {i + 1} file", refusals) is { } file)
            {
                classes.Add(new(string.Create(CultureInfo.InvariantCulture, $"boot-{i + 1}")) { Test = Condition(rule), BootFileName = file });
            }
        }

        Classes = classes;
    }

    public string? NextServer { get; }

    public string? ServerName { get; }

    public string? FileName { get; }

    public IReadOnlyList<KeaClass> Classes { get; }

    public static BootClasses? Make(Network network, RefusalList refusals) => network.Boot is { } boot ? new(network, boot, refusals) : null;

    private static string Condition(NetworkBootRule rule)
    {
        var parts = new List<string>();
        if (rule.ClientArchitecture is { } architecture)
        {
            var places = Enumerable.Range(0, ArchitecturesLookedAt)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"substring(option[93].hex,{i * 2},2) == 0x{(ushort)architecture:x4}"));
            parts.Add($"({string.Join(" or ", places)})");
        }

        if (rule.UserClass is { Length: > 0 } userClass)
        {
            parts.Add($"({BeginsWith(77, 0, userClass)} or {BeginsWith(77, 1, userClass)})");
        }

        if (rule.VendorClass is { Length: > 0 } vendorClass)
        {
            parts.Add(BeginsWith(60, 0, vendorClass));
        }

        return parts.Count == 0 ? "'1' == '1'" : string.Join(" and ", parts);
    }

    private static string BeginsWith(int option, int at, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return string.Create(CultureInfo.InvariantCulture, $"substring(option[{option}].hex,{at},{octets.Length}) == 0x{Convert.ToHexStringLower(octets)}");
    }

    private static string? Check(string? text, int maxLength, string subject, RefusalList refusals)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Encoding.UTF8.GetByteCount(text) <= maxLength && !text.EnumerateRunes().Any(rune => Rune.IsControl(rune) || rune == Rune.ReplacementChar))
        {
            return text;
        }

        refusals.Add($"{subject} {RefusalList.Quote(text)}", $"it has 1 to {maxLength} octets and no control character; correct it");
        return null;
    }
}
