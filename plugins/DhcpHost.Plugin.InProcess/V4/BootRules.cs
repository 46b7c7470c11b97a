using System.Buffers.Binary;
using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V4;
using DhcpHost.Serving;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>What clients are told to load over the network.</summary>
internal sealed class BootRules
{
    private const int MaxFile = 127;
    private const int MaxServerName = 63;

    private readonly List<Rule> _rules = [];
    private readonly byte[]? _file;

    private BootRules(Network network, NetworkBoot boot, RefusalList refusals)
    {
        NextServer = boot.NextServer is { } next && next.IsIPv4() ? Address.ToNumber(next) : 0;
        if (boot.NextServer is { } other && !other.IsIPv4())
        {
            refusals.Add($"network {network.Id} boot server {other}", "DHCPv4 carries an IPv4 address alone; give it one");
        }

        ServerName = Encode(boot.ServerName, MaxServerName, $"network {network.Id} boot server name", refusals);
        _file = Encode(boot.FileName, MaxFile, $"network {network.Id} boot file", refusals);
        for (var i = 0; i < boot.Rules.Count; i++)
        {
            var rule = boot.Rules[i];
            if (Encode(rule.FileName, MaxFile, $"network {network.Id} boot rule {i + 1} file", refusals) is { } file)
            {
                _rules.Add(new(rule.ClientArchitecture, Octets(rule.UserClass), Octets(rule.VendorClass), file));
            }
        }
    }

    /// <summary>The next server; 0 for the DHCP server itself.</summary>
    public uint NextServer { get; }

    /// <summary>Its name.</summary>
    public byte[]? ServerName { get; }

    public static BootRules? Make(Network network, RefusalList refusals) => network.Boot is { } boot ? new(network, boot, refusals) : null;

    /// <summary>The file for a client; <c>null</c> for none.</summary>
    public byte[]? FindFile(scoped Dhcpv4Reader request)
    {
        foreach (var rule in _rules)
        {
            if ((rule.Architecture is not { } architecture || HasArchitecture(request, architecture))
                && (rule.UserClass is null || (request.TryGet(Dhcpv4OptionCode.UserClass, out var user) && user.IndexOf(rule.UserClass) >= 0))
                && (rule.VendorClass is null || (request.TryGet(Dhcpv4OptionCode.VendorClass, out var vendor) && vendor.StartsWith(rule.VendorClass))))
            {
                return rule.File;
            }
        }

        return _file;
    }

    private static bool HasArchitecture(scoped Dhcpv4Reader request, int architecture)
    {
        _ = request.TryGet(Dhcpv4OptionCode.ClientArchitecture, out var list);
        for (; list.Length >= sizeof(ushort); list = list[sizeof(ushort)..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(list) == architecture)
            {
                return true;
            }
        }

        return false;
    }

    private static byte[]? Octets(string? text) => string.IsNullOrEmpty(text) ? null : Encoding.UTF8.GetBytes(text);

    private static byte[]? Encode(string? text, int maxLength, string subject, RefusalList refusals)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        var octets = Encoding.UTF8.GetBytes(text);
        if (octets.Length <= maxLength && !text.Any(char.IsControl))
        {
            return octets;
        }

        refusals.Add($"{subject} {RefusalList.Quote(text)}", $"it has 1 to {maxLength} octets and no control character; make it shorter");
        return null;
    }

    private sealed record Rule(int? Architecture, byte[]? UserClass, byte[]? VendorClass, byte[] File);
}
