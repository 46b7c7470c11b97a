using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Metadata.Documents;

/// <summary>All that an instance can be told.</summary>
/// <param name="Network">Its network.</param>
/// <param name="Port">Its port.</param>
/// <param name="Told">What it is told: of the policy, with what the files say put over it.</param>
/// <param name="UserData">The user-data; <c>null</c> for none.</param>
/// <param name="VendorData">The vendor-data, JSON; <c>null</c> for none.</param>
/// <param name="VendorData2">The second vendor-data, JSON; <c>null</c> for none.</param>
internal sealed record InstanceDocuments(Network Network, Port Port, InstanceMetadata Told, byte[]? UserData, byte[]? VendorData, byte[]? VendorData2)
{
    /// <summary>The name without its domain.</summary>
    public string ShortName => Told.Hostname.Split('.', 2)[0];

    /// <summary>The first address of a family; <c>null</c> for none.</summary>
    public string? FirstAddress(int ipVersion) => AddressesOf(ipVersion).FirstOrDefault();

    /// <summary>The addresses of a family.</summary>
    public IEnumerable<string> AddressesOf(int ipVersion) =>
        Port.FixedIps.Where(ip => (ip.Address.GetAddressBytes().Length == 4) == (ipVersion == 4)).Select(ip => ip.Address.ToString());

    /// <summary>The subnets that it has an address on.</summary>
    public IEnumerable<Subnet> Subnets => Network.Subnets.Where(subnet => Port.FixedIps.Any(ip => ip.SubnetId == subnet.Id));
}
