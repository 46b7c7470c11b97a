namespace DhcpHost.Linux.Netlink;

/// <summary>What a <see cref="LinkEvent"/> tells.</summary>
public enum LinkEventKind
{
    /// <summary>Events were dropped: list anew.</summary>
    Lost,
    /// <summary>A link appeared or changed.</summary>
    LinkChanged,
    /// <summary>A link was deleted or moved away.</summary>
    LinkRemoved,
    /// <summary>An address appeared or changed, such as from tentative to usable.</summary>
    AddressChanged,
    /// <summary>An address was removed.</summary>
    AddressRemoved,
    /// <summary>A namespace that links of this one lead to has died.</summary>
    NamespaceRemoved,
}
