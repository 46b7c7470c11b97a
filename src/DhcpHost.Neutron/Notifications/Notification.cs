using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron.Notifications;

/// <summary>What Neutron's server casts to a DHCP agent (neutron, <c>api/rpc/agentnotifiers/dhcp_rpc_agent_api.py</c>).</summary>
public abstract record Notification
{
    private Notification()
    {
    }

    /// <summary>A network, or a subnet of it, is new or changed: <c>network_create_end</c>, <c>network_update_end</c>, <c>subnet_*_end</c>.</summary>
    /// <param name="NetworkId">The network.</param>
    /// <param name="IsGiven">Whether it says that this host is to serve the network, which a deleted subnet does not.</param>
    public sealed record NetworkChanged(NetworkId NetworkId, bool IsGiven) : Notification;

    /// <summary>A subnet is gone, and the message does not say of which network.</summary>
    /// <param name="SubnetId">The subnet.</param>
    public sealed record SubnetRemoved(SubnetId SubnetId) : Notification;

    /// <summary>A network's administrative state is down: <c>network_update_end</c>.</summary>
    /// <param name="NetworkId">The network.</param>
    public sealed record NetworkDisabled(NetworkId NetworkId) : Notification;

    /// <summary>A network is gone, or no longer this host's: <c>network_delete_end</c>.</summary>
    /// <param name="NetworkId">The network.</param>
    public sealed record NetworkRemoved(NetworkId NetworkId) : Notification;

    /// <summary>A port is new or changed: <c>port_create_end</c>, <c>port_update_end</c>.</summary>
    /// <param name="NetworkId">Its network.</param>
    /// <param name="Port">The port as it is now.</param>
    /// <param name="IsNew">Whether it was made, or put on a router, just now.</param>
    /// <param name="IsFirst">Whether this agent is the one of several that is told first: somebody waits for its answer.</param>
    /// <param name="Refusals">Parts of it that could not be read.</param>
    public sealed record PortChanged(NetworkId NetworkId, Port Port, bool IsNew, bool IsFirst, EquatableArray<Refusal> Refusals) : Notification;

    /// <summary>A port is gone: <c>port_delete_end</c>.</summary>
    /// <param name="PortId">The port.</param>
    public sealed record PortRemoved(PortId PortId) : Notification;

    /// <summary>An operator changed this agent: <c>agent_updated</c>.</summary>
    /// <param name="AdminStateUp">Its administrative state, where the message says it.</param>
    public sealed record AgentUpdated(bool? AdminStateUp) : Notification;
}
