namespace DhcpHost.Linux.Netlink;

/// <summary>IFA_F_* of linux/if_addr.h.</summary>
[Flags]
public enum LinkAddressFlags
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>IPv6: no duplicate address detection; usable at once.</summary>
    NoDad = 0x02,
    /// <summary>IPv6: usable while detection runs (RFC 4429).</summary>
    Optimistic = 0x04,
    /// <summary>IPv6: another node has it; not usable.</summary>
    DadFailed = 0x08,
    /// <summary>IPv6: preferred lifetime is over.</summary>
    Deprecated = 0x20,
    /// <summary>IPv6: duplicate address detection is not done; sockets cannot bind to it yet.</summary>
    Tentative = 0x40,
    /// <summary>Without a lifetime.</summary>
    Permanent = 0x80,
    /// <summary>No route to its prefix is added by the kernel.</summary>
    NoPrefixRoute = 0x200,
}
