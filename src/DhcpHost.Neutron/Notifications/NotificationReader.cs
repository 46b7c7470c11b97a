using System.Text.Json;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron.Notifications;

/// <summary>Reads the casts of Neutron's server.</summary>
public static class NotificationReader
{
    /// <summary>The priority of the <c>port_create_end</c> that goes to one agent of several, chosen at random.</summary>
    private const int FirstAgentPriority = 5;

    /// <summary>Reads a cast; <c>null</c> for a method that this agent does not have.</summary>
    /// <param name="method">The method.</param>
    /// <param name="arguments">Its arguments by name.</param>
    /// <exception cref="NeutronFormatException">They are not what Neutron sends.</exception>
    public static Notification? Read(string method, JsonElement arguments) => method switch
    {
        "network_create_end" => new Notification.NetworkChanged(NetworkOf(Payload(arguments)), IsGiven: true),
        "network_update_end" => ReadNetworkUpdate(Payload(arguments)),
        "network_delete_end" => new Notification.NetworkRemoved(Payload(arguments).Require("network_id").As<NetworkId>("a network id")),
        "subnet_create_end" or "subnet_update_end" => new Notification.NetworkChanged(
            Payload(arguments).Require("subnet").Require("network_id").As<NetworkId>("a network id"), IsGiven: true),
        "subnet_delete_end" => ReadSubnetDelete(Payload(arguments)),
        "port_create_end" => ReadPort(Payload(arguments), isNew: true),
        "port_update_end" => ReadPort(Payload(arguments), isNew: false),
        "port_delete_end" => new Notification.PortRemoved(Payload(arguments).Require("port_id").As<PortId>("a port id")),
        "agent_updated" => new Notification.AgentUpdated(Payload(arguments).Find("admin_state_up")?.AsFlag()),
        _ => null,
    };

    private static JsonPart Payload(JsonElement arguments) => new JsonPart(arguments).Require("payload");

    private static NetworkId NetworkOf(JsonPart payload) => payload.Require("network").Require("id").As<NetworkId>("a network id");

    private static Notification ReadNetworkUpdate(JsonPart payload) =>
        payload.Require("network").Find("admin_state_up")?.AsFlag() == false
            ? new Notification.NetworkDisabled(NetworkOf(payload))
            : new Notification.NetworkChanged(NetworkOf(payload), IsGiven: true);

    private static Notification ReadSubnetDelete(JsonPart payload) =>
        payload.Find("network_id") is { } network
            ? new Notification.NetworkChanged(network.As<NetworkId>("a network id"), IsGiven: false)
            : new Notification.SubnetRemoved(payload.Require("subnet_id").As<SubnetId>("a subnet id"));

    private static Notification.PortChanged ReadPort(JsonPart payload, bool isNew)
    {
        var json = payload.Require("port");
        var port = PortMapping.Read(json);
        var isFirst = isNew && payload.Find("priority")?.AsCount() == FirstAgentPriority;
        return new(json.Require("network_id").As<NetworkId>("a network id"), port, isNew, isFirst, json.Refusals);
    }
}
