using System.Text.Json;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron;

/// <summary>Reads Neutron's dicts, as its RPC carries them, into the model.</summary>
/// <remarks>
/// Strict about types, and tolerant of keys that it does not know: Neutron's extensions add their own. The smallest part that cannot be read is refused
/// with its path and the rest stays: a bad item of a list (a route, a fixed IP, an option), or the subnet or port whose own value is bad. Keys: neutron,
/// <c>api/rpc/handlers/dhcp_rpc.py</c> (<c>get_active_networks_info</c>, <c>get_network_info</c>) and neutron-lib, <c>api/definitions</c>.
/// </remarks>
public static class NeutronMapping
{
    /// <summary>Reads a network with its subnets, ports and segments.</summary>
    /// <exception cref="NeutronFormatException">It is not an object, or its own values are bad; nothing of it can be served.</exception>
    public static Mapped<Network> ReadNetwork(JsonElement network)
    {
        var json = new JsonPart(network);
        var segments = json.Map("segments", ReadSegment);
        var value = new Network
        {
            Id = json.Require("id").As<NetworkId>("a network id"),
            Name = json.Find("name")?.AsText() ?? "",
            ProjectId = ReadProject(json),
            AdminStateUp = json.Find("admin_state_up")?.AsFlag() ?? true,
            Mtu = json.Find("mtu")?.AsCount() ?? 0,
            Subnets = json.Map("subnets", SubnetMapping.Read),
            NonLocalSubnets = json.Map("non_local_subnets", SubnetMapping.Read),
            Ports = json.Map("ports", PortMapping.Read),
            Segments = segments,
            Attachment = new()
            {
                NetworkType = json.Find("provider:network_type")?.AsText(),
                PhysicalNetwork = json.Find("provider:physical_network")?.AsText(),
                SegmentationId = json.Find("provider:segmentation_id")?.AsCount(),
            },
            RevisionNumber = ReadRevision(json),
        };
        return new(value, json.Refusals);
    }

    /// <summary>Reads a port, as in <c>port_create_end</c> and in answers to <c>create_dhcp_port</c>.</summary>
    /// <exception cref="NeutronFormatException">It is not an object, or its own values are bad.</exception>
    public static Mapped<Port> ReadPort(JsonElement port)
    {
        var json = new JsonPart(port);
        return new(PortMapping.Read(json), json.Refusals);
    }

    /// <summary>Reads a subnet, as in <c>subnet_update_end</c>.</summary>
    /// <exception cref="NeutronFormatException">It is not an object, or its own values are bad.</exception>
    public static Mapped<Subnet> ReadSubnet(JsonElement subnet)
    {
        var json = new JsonPart(subnet);
        return new(SubnetMapping.Read(json), json.Refusals);
    }

    /// <summary>The network that a port, a subnet or a message's payload names by its key <c>network_id</c>.</summary>
    /// <exception cref="NeutronFormatException">It names none.</exception>
    public static NetworkId ReadNetworkId(JsonElement json) => new JsonPart(json).Require("network_id").As<NetworkId>("a network id");

    internal static string ReadProject(JsonPart json) => (json.Find("project_id") ?? json.Find("tenant_id"))?.AsSharedText() ?? "";

    internal static long ReadRevision(JsonPart json) => json.Find("revision_number")?.AsRevision() ?? 0;

    private static Segment ReadSegment(JsonPart json) => new()
    {
        Id = json.Require("id").As<SegmentId>("a segment id"),
        NetworkType = json.Find("network_type")?.AsText() ?? "",
        PhysicalNetwork = json.Find("physical_network")?.AsText(),
        SegmentationId = json.Find("segmentation_id")?.AsCount(),
    };
}
