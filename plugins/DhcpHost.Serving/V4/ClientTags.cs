namespace DhcpHost.Serving.V4;

/// <summary>What is known of a client beyond its subnet and port, under the names that dnsmasq's rules give it.</summary>
[Flags]
public enum ClientTags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>ipxe</c>: it sent option 175.</summary>
    IPxe = 1,

    /// <summary><c>ipxe6</c>: its user class has <c>iPXE</c> in it.</summary>
    IPxeUserClass = 2,

    /// <summary><c>known</c>: a port is its.</summary>
    Known = 4,
}
