using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Neutron;
using DhcpHost.Plugin.Neutron.Messaging;

namespace DhcpHost.Plugin.Neutron.Server;

/// <summary>
/// What an agent asks of Neutron's server (neutron, <c>api/rpc/handlers/dhcp_rpc.py</c> and <c>db/agents_db.py</c>). All failures are
/// <see cref="DhcpHostException"/>s.
/// </summary>
internal sealed class NeutronServer(IRpcTransport transport, string host)
{
    private const string PluginTopic = "q-plugin";
    private const string ReportsTopic = "q-reports-plugin";

    /// <summary>All networks of this host; a list. It is not asked for twice: for a large host it costs the server seconds.</summary>
    public Task<JsonElement> ListNetworksAsync(CancellationToken cancellationToken) =>
        CallAsync(new(PluginTopic, "1.1", "get_active_networks_info", new() { ["host"] = host, ["enable_dhcp_filter"] = false }), cancellationToken);

    /// <summary>One network; <c>null</c> where there is none. The server does not say whether it is this host's.</summary>
    public Task<JsonElement> GetNetworkAsync(NetworkId id, CancellationToken cancellationToken) =>
        CallAsync(new(PluginTopic, "1.0", "get_network_info", new() { ["network_id"] = id.Value, ["host"] = host }) { IsIdempotent = true }, cancellationToken);

    /// <summary>Makes this host's own port; <c>null</c> where the network or a subnet is gone.</summary>
    public Task<Port?> CreatePortAsync(Network network, string deviceId, IEnumerable<SubnetId> subnets, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["name"] = "",
            ["admin_state_up"] = true,
            ["device_id"] = deviceId,
            ["network_id"] = network.Id.Value,
            ["project_id"] = network.ProjectId,
            ["fixed_ips"] = new JsonArray([.. subnets.Select(subnet => new JsonObject { ["subnet_id"] = subnet.Value })]),
        };
        return CallForPortAsync(
            new(PluginTopic, "1.1", "create_dhcp_port", new() { ["port"] = new JsonObject { ["port"] = body }, ["host"] = host }), cancellationToken);
    }

    /// <summary>Gives the own port other subnets; <c>null</c> where it is gone, or another agent's.</summary>
    public Task<Port?> UpdatePortAsync(
        NetworkId networkId, PortId id, IEnumerable<FixedIp> keep, IEnumerable<SubnetId> add, CancellationToken cancellationToken)
    {
        var kept = keep.Select(ip => new JsonObject { ["subnet_id"] = ip.SubnetId.Value, ["ip_address"] = ip.Address.ToString() });
        var added = add.Select(subnet => new JsonObject { ["subnet_id"] = subnet.Value });
        return UpdatePortAsync(id, new() { ["network_id"] = networkId.Value, ["fixed_ips"] = new JsonArray([.. kept, .. added]) }, cancellationToken);
    }

    /// <summary>Takes over a reserved port; <c>null</c> where it is gone, or another agent's.</summary>
    public Task<Port?> AdoptPortAsync(NetworkId networkId, PortId id, string deviceId, CancellationToken cancellationToken) =>
        UpdatePortAsync(id, new() { ["network_id"] = networkId.Value, ["device_id"] = deviceId }, cancellationToken);

    /// <summary>A DHCP port as the server has it now.</summary>
    public Task<Port?> GetPortAsync(PortId id, CancellationToken cancellationToken) =>
        CallForPortAsync(new(PluginTopic, "1.8", "get_dhcp_port", new() { ["port_id"] = id.Value }) { IsIdempotent = true }, cancellationToken);

    /// <summary>Deletes the ports of a network that have a device id.</summary>
    public Task ReleasePortAsync(NetworkId networkId, string deviceId, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject { ["network_id"] = networkId.Value, ["device_id"] = deviceId, ["host"] = host };
        return CallAsync(new(PluginTopic, "1.0", "release_dhcp_port", arguments) { IsIdempotent = true }, cancellationToken);
    }

    /// <summary>Says that ports have their DHCP service.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="isQuick">Whether the server has no reason to take its time: then a call without an answer is soon made again.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public Task ReportReadyAsync(IEnumerable<PortId> ports, bool isQuick, CancellationToken cancellationToken)
    {
        var ids = new JsonArray([.. ports.Select(port => JsonValue.Create(port.Value))]);
        return CallAsync(new(PluginTopic, "1.5", "dhcp_ready_on_ports", new() { ["port_ids"] = ids }) { IsIdempotent = isQuick }, cancellationToken);
    }

    /// <summary>Says that the agent is alive.</summary>
    /// <returns>What the server makes of it: <c>new</c>, <c>alive</c>, <c>revived</c>; <c>null</c> where it makes nothing of it.</returns>
    public async Task<string?> ReportStateAsync(JsonObject state, DateTimeOffset now, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject
        {
            ["agent_state"] = new JsonObject { ["agent_state"] = state },
            ["time"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        };
        var answer = await CallAsync(new(ReportsTopic, "1.2", "report_state", arguments) { Timeout = timeout, IsIdempotent = true }, cancellationToken);
        return answer.ValueKind == JsonValueKind.String ? answer.GetString() : null;
    }

    private Task<Port?> UpdatePortAsync(PortId id, JsonObject body, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject { ["port_id"] = id.Value, ["port"] = new JsonObject { ["port"] = body }, ["host"] = host };
        return CallForPortAsync(new(PluginTopic, "1.1", "update_dhcp_port", arguments), cancellationToken);
    }

    private async Task<Port?> CallForPortAsync(RpcCall call, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(call, cancellationToken);
        return answer.ValueKind == JsonValueKind.Null ? null : NeutronMapping.ReadPort(answer).Value;
    }

    private async Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.CallAsync(call, cancellationToken);
        }
        catch (RpcRemoteException exception)
        {
            throw RemoteFailures.Translate(call.Method, exception);
        }
        catch (RpcTimeoutException exception)
        {
            throw new DhcpHostException(FailureKind.Transient, $"Neutron's server did not answer {call.Method} in time: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{call.Method} was given up: the connection to Neutron's brokers is closed.", exception);
        }
        catch (RpcUnavailableException exception)
        {
            throw new DhcpHostException(FailureKind.Transient, $"{call.Method} did not reach Neutron's server: {exception.Message}", exception);
        }
    }
}
