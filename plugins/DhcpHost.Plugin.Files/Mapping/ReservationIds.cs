using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Files.Config;

namespace DhcpHost.Plugin.Files.Mapping;

/// <summary>Ids that a file does not give: the same ones at every reading.</summary>
internal static class ReservationIds
{
    private const int HashCharacters = 24;

    /// <summary>The id of a reservation that says which client it is for.</summary>
    public static PortId Of(ReservationConfig reservation) =>
        reservation.Id
        ?? (reservation.Mac is { } mac ? new PortId(mac.ToString().Replace(':', '-'))
            : reservation.ClientId is { } clientId ? Hashed("client", clientId)
            : Hashed("duid", (reservation.Duid ?? "").ToLowerInvariant()));

    /// <summary>The id of a subnet.</summary>
    public static SubnetId Of(SubnetConfig subnet)
    {
        var version = Addresses.AddressNumber.IsIpv6(subnet.Cidr.BaseAddress) ? 6 : 4;
        return subnet.Id ?? new($"v{version}-{subnet.Cidr.BaseAddress.ToString().Replace(':', '-')}_{subnet.Cidr.PrefixLength}");
    }

    private static PortId Hashed(string kind, string text) =>
        new($"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashCharacters]}");
}
