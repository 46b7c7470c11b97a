namespace DhcpHost.Neutron.Settings;

/// <summary>What becomes of an option of Neutron.</summary>
public enum OptionFate
{
    /// <summary>It is carried over to <c>host.toml</c>.</summary>
    Mapped,

    /// <summary>It has no meaning here: what it was for is done otherwise, or by another program.</summary>
    Unneeded,

    /// <summary>It cannot be honoured; the remark says what to do.</summary>
    Unsupported,
}
