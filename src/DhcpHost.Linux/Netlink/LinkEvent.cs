namespace DhcpHost.Linux.Netlink;

/// <summary>A change that the kernel announced in a namespace.</summary>
/// <param name="Kind">What.</param>
/// <param name="Link">Of link events: the link as it is, or was.</param>
/// <param name="Address">Of address events: the address.</param>
public sealed record LinkEvent(LinkEventKind Kind, Link? Link = null, LinkAddress? Address = null);
