namespace DhcpHost.Dhcp.V6;

/// <summary>An option as it stands in a message.</summary>
/// <param name="code">Its code.</param>
/// <param name="data">Its content, without the code and the length.</param>
public readonly ref struct Dhcpv6Option(Dhcpv6OptionCode code, ReadOnlySpan<byte> data)
{
    /// <summary>Its code.</summary>
    public Dhcpv6OptionCode Code { get; } = code;

    /// <summary>Its content, without the code and the length.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;
}
