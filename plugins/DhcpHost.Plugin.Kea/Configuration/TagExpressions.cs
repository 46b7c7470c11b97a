namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>What Kea looks at for the tags that dnsmasq's rules give clients.</summary>
internal static class TagExpressions
{
    private const string SubnetPrefix = "subnet-";
    private const string PortPrefix = "port-";

    /// <summary>The condition; <c>null</c> where no client of Kea can have such a tag.</summary>
    public static string? Find(KeaFamily family, string tag) => (tag, family.Version) switch
    {
        ("ipxe", 4) => "option[175].exists",

        // iPXE sends its name as it is, others the list of RFC 3004 with an octet before each; RFC 8415 has two.
        ("ipxe6", 4) => "substring(option[77].hex,0,4) == 'iPXE' or substring(option[77].hex,1,4) == 'iPXE'",
        ("ipxe6", 6) => "substring(option[15].hex,2,4) == 'iPXE'",
        ("known", _) => "member('KNOWN')",
        _ => null,
    };

    /// <summary>The subnet that a tag names; <c>null</c> for none.</summary>
    public static string? FindSubnet(string tag) => tag.StartsWith(SubnetPrefix, StringComparison.Ordinal) ? tag[SubnetPrefix.Length..] : null;

    /// <summary>The port that a tag names; <c>null</c> for none.</summary>
    public static string? FindPort(string tag) => tag.StartsWith(PortPrefix, StringComparison.Ordinal) ? tag[PortPrefix.Length..] : null;

    /// <summary>The class of a port's client.</summary>
    public static string PortClass(string port) => PortPrefix + port;
}
