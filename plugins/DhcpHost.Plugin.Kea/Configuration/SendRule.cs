using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>An option of either family, with the conditions under which clients get it.</summary>
internal sealed record SendRule
{
    public required int Code { get; init; }

    /// <summary>Its octets; empty for an option that is not sent, in place of one with fewer conditions.</summary>
    public required byte[] Value { get; init; }

    public SubnetId? Subnet { get; init; }

    public PortId? Port { get; init; }

    public IReadOnlyList<(string Tag, bool IsNegated)> Tags { get; init; } = [];

    public bool IsForced { get; init; }

    /// <summary>The value holds IPv4 addresses, of which <c>0.0.0.0</c> stands for the server's own.</summary>
    public bool HoldsAddresses { get; init; }

    public bool IsConditional => Subnet is not null || Port is not null || Tags.Count > 0;

    /// <summary>As Kea has it.</summary>
    public KeaOption ToOption(byte[] ownAddress)
    {
        var value = Value;
        if (HoldsAddresses && ownAddress.Length > 0)
        {
            value = (byte[])value.Clone();
            for (var i = 0; i + ownAddress.Length <= value.Length; i += ownAddress.Length)
            {
                if (!value.AsSpan(i, ownAddress.Length).ContainsAnyExcept((byte)0))
                {
                    ownAddress.CopyTo(value, i);
                }
            }
        }

        return new(Code, Convert.ToHexString(value)) { AlwaysSend = IsForced ? true : null };
    }
}
