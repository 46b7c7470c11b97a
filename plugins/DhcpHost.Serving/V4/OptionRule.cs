using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving.V4;

/// <summary>An option with the conditions under which clients get it.</summary>
public sealed record OptionRule
{
    public required byte Code { get; init; }

    /// <summary>Its octets; empty for an option that is not sent, in place of one with fewer conditions.</summary>
    public required byte[] Value { get; init; }

    /// <summary>Only on this subnet.</summary>
    public SubnetId? Subnet { get; init; }

    /// <summary>Only for this port.</summary>
    public PortId? Port { get; init; }

    /// <summary>Only for clients with these tags, or without them where <c>IsNegated</c>.</summary>
    public IReadOnlyList<(string Tag, bool IsNegated)> Tags { get; init; } = [];

    /// <summary>Sent also to clients that did not ask for it.</summary>
    public bool IsForced { get; init; }

    /// <summary>The value holds addresses, of which <c>0.0.0.0</c> stands for the server's own.</summary>
    public bool HoldsAddresses { get; init; }

    /// <summary>Goes before rules without conditions.</summary>
    public bool IsConditional => Subnet is not null || Port is not null || Tags.Count > 0;

    /// <summary>Whether the conditions hold.</summary>
    public bool Holds(SubnetId subnet, PortId? port, ClientTags tags)
    {
        if ((Subnet is { } wanted && wanted != subnet) || (Port is { } wantedPort && wantedPort != port))
        {
            return false;
        }

        foreach (var (tag, isNegated) in Tags)
        {
            var has = tag switch
            {
                "ipxe" => tags.HasFlag(ClientTags.IPxe),
                "ipxe6" => tags.HasFlag(ClientTags.IPxeUserClass),
                "known" => tags.HasFlag(ClientTags.Known),
                _ => tag == $"subnet-{subnet}" || (port is { } known && tag == $"port-{known}"),
            };
            if (has == isNegated)
            {
                return false;
            }
        }

        return true;
    }
}
