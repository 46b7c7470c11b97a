using System.Net;
using DhcpHost.Plugin.Files.Addresses;
using DhcpHost.Plugin.Files.Config;
using DhcpHost.Plugin.Files.Mapping;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>Every reservation says who the client is, nobody is there twice, and the addresses are free and on a subnet.</summary>
internal sealed class ReservationRule(int maxReservations) : INetworkConfigRule
{
    private const int MaxClientId = 255;
    private const int MaxDuid = 130;
    private const int MinDuid = 3;

    public void Check(NetworkConfig network, NetworkFindings findings)
    {
        if (network.Reservations.Count > maxReservations)
        {
            findings.Add(
                "reservations",
                $"must have at most {maxReservations} reservations, has {network.Reservations.Count}",
                "raise max_reservations of the files source, or split the network");
            return;
        }

        var seen = new Dictionary<object, int>(3 * network.Reservations.Count);
        for (var i = 0; i < network.Reservations.Count && !findings.IsFull; i++)
        {
            CheckClient(network.Reservations[i], i, seen, findings);
            CheckAddresses(network, i, seen, findings);
        }
    }

    private static void CheckClient(ReservationConfig reservation, int index, Dictionary<object, int> seen, NetworkFindings findings)
    {
        if (reservation.Mac is null && reservation.ClientId is null && reservation.Duid is null)
        {
            findings.Add($"reservations[{index}]", "does not say which client it is for", "give it a mac, client_id or duid");
            return;
        }

        if (reservation.Mac is { } mac)
        {
            if (mac.IsZero || mac.IsMulticast)
            {
                findings.Add($"reservations[{index}].mac", $"must be the address of one interface, is {mac}");
            }

            CheckOnce(mac, "mac", index, seen, findings);
        }

        if (reservation.ClientId is { } clientId)
        {
            if (clientId.Length is 0 or > MaxClientId
                || !(PlainText.IsHex(clientId, 1, MaxClientId) || (PlainText.IsName(clientId) && !clientId.Contains(' ', StringComparison.Ordinal))))
            {
                findings.Add($"reservations[{index}].client_id", "must be pairs of hex digits with colons, or a text without blanks, ',', '#', '\"' and '\\'");
            }

            CheckOnce(("client", clientId), "client_id", index, seen, findings);
        }

        if (reservation.Duid is { } duid)
        {
            if (!PlainText.IsHex(duid, MinDuid, MaxDuid))
            {
                findings.Add($"reservations[{index}].duid", $"must be {MinDuid} to {MaxDuid} pairs of hex digits with colons (RFC 8415 section 11.1)");
            }

            CheckOnce(("duid", duid.ToLowerInvariant()), "duid", index, seen, findings);
        }

        CheckOnce(ReservationIds.Of(reservation), "id", index, seen, findings);
    }

    private static void CheckAddresses(NetworkConfig network, int index, Dictionary<object, int> seen, NetworkFindings findings)
    {
        var addresses = network.Reservations[index].Addresses;
        var used = addresses.Count > 1 ? new HashSet<int>() : null;
        for (var i = 0; i < addresses.Count; i++)
        {
            var subnetIndex = SubnetOf(network, addresses[i]);
            if (subnetIndex < 0)
            {
                findings.Add(Key(index, i), $"must be a host's address in one of the network's subnets, is {addresses[i]}");
                continue;
            }

            if (used?.Add(subnetIndex) == false)
            {
                findings.Add(Key(index, i), $"is a second address in {network.Subnets[subnetIndex].Cidr}", "a client gets one address of each subnet");
            }

            if (Taken(network.Subnets[subnetIndex], addresses[i]) is { } taken)
            {
                findings.Add(Key(index, i), taken);
            }

            if (!seen.TryAdd(addresses[i], index) && seen[addresses[i]] != index)
            {
                findings.Add(Key(index, i), $"{addresses[i]} is reserved already, in reservations[{seen[addresses[i]]}]");
            }
        }

        static string Key(int index, int item) => $"reservations[{index}].addresses[{item}]";
    }

    private static int SubnetOf(NetworkConfig network, IPAddress address)
    {
        for (var i = 0; i < network.Subnets.Count; i++)
        {
            if (AddressNumber.IsUsable(network.Subnets[i].Cidr, address))
            {
                return i;
            }
        }

        return -1;
    }

    private static string? Taken(SubnetConfig subnet, IPAddress address) =>
        address.Equals(subnet.Gateway) ? $"{address} is the gateway's address"
        : address.Equals(subnet.ServerAddress) ? $"{address} is the server's address"
        : subnet.Ipv6Mode is SubnetIpv6Mode.Slaac or SubnetIpv6Mode.Stateless ? $"is on {subnet.Cidr}, where clients make their own addresses"
        : null;

    private static void CheckOnce(object client, string key, int index, Dictionary<object, int> seen, NetworkFindings findings)
    {
        if (!seen.TryAdd(client, index))
        {
            findings.Add($"reservations[{index}].{key}", $"is there already, in reservations[{seen[client]}]");
        }
    }
}
