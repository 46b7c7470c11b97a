using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>The numbers that Kea's leases name subnets by. Made of the subnet's id: they stay when other subnets come and go.</summary>
internal sealed class SubnetNumbers
{
    private const uint Bits = 0x3FFF_FFFF;

    private readonly HashSet<uint> _taken = [];

    public uint Next(SubnetId subnet)
    {
        var number = (BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(subnet.Value))) & Bits) + 1;
        while (!_taken.Add(number))
        {
            number++;
        }

        return number;
    }
}
