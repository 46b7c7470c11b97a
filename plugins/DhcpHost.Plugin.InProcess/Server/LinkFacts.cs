using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>The link that a server serves on, as it was when its sockets were opened.</summary>
/// <param name="Binding">Its name, namespace and addresses, from the plan.</param>
/// <param name="NamespaceId">The namespace, told from others of the same name.</param>
/// <param name="Index">The link's index inside the namespace.</param>
/// <param name="MacAddress">Its hardware address.</param>
internal sealed record LinkFacts(InterfaceBinding Binding, string NamespaceId, int Index, MacAddress MacAddress);
