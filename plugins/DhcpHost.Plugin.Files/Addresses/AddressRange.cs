using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Files.Addresses;

/// <summary>A pool as numbers.</summary>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last, bool IsIpv6)
{
    public static AddressRange Of(AllocationPool pool) =>
        new(AddressNumber.Of(pool.Start), AddressNumber.Of(pool.End), AddressNumber.IsIpv6(pool.Start));

    public bool Contains(IPAddress address) =>
        AddressNumber.IsIpv6(address) == IsIpv6 && AddressNumber.Of(address) is var number && number >= First && number <= Last;
}
