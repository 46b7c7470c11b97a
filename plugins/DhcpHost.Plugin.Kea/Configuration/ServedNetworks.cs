namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>What one of the two servers serves.</summary>
/// <param name="Interfaces">Where it listens, in Kea's words.</param>
/// <param name="Networks">The wires, with their subnets.</param>
/// <param name="Classes">The classes of clients.</param>
internal sealed record ServedNetworks(IReadOnlyList<string> Interfaces, IReadOnlyList<KeaSharedNetwork> Networks, IReadOnlyList<KeaClass> Classes);
