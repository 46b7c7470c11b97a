using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DhcpHost.NeutronLab.Tests.Api;

/// <summary>Neutron's REST API (v2.0), as an administrator, as far as these tests need it. A refusal fails the test.</summary>
internal sealed class NeutronApi : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HttpClient _client;

    public NeutronApi(Uri url) => _client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };

    public Task<NeutronNetwork> CreateNetworkAsync(NewNetwork network, CancellationToken cancellationToken) =>
        SendAsync<NeutronNetwork>(HttpMethod.Post, "networks", "network", network, cancellationToken);

    public Task<NeutronSubnet> CreateSubnetAsync(NewSubnet subnet, CancellationToken cancellationToken) =>
        SendAsync<NeutronSubnet>(HttpMethod.Post, "subnets", "subnet", subnet, cancellationToken);

    public Task<NeutronPort> CreatePortAsync(NewPort port, CancellationToken cancellationToken) =>
        SendAsync<NeutronPort>(HttpMethod.Post, "ports", "port", port, cancellationToken);

    /// <summary>Several ports in one request.</summary>
    public Task<NeutronPort[]> CreatePortsAsync(IReadOnlyList<NewPort> ports, CancellationToken cancellationToken) =>
        SendAsync<NeutronPort[]>(HttpMethod.Post, "ports", "ports", ports, cancellationToken);

    /// <summary>Changes what <paramref name="change"/> has members for, by the API's names: <c>new { admin_state_up = false }</c>.</summary>
    public Task<NeutronNetwork> UpdateNetworkAsync(string id, object change, CancellationToken cancellationToken) =>
        SendAsync<NeutronNetwork>(HttpMethod.Put, $"networks/{id}", "network", change, cancellationToken);

    /// <inheritdoc cref="UpdateNetworkAsync" />
    public Task<NeutronSubnet> UpdateSubnetAsync(string id, object change, CancellationToken cancellationToken) =>
        SendAsync<NeutronSubnet>(HttpMethod.Put, $"subnets/{id}", "subnet", change, cancellationToken);

    /// <inheritdoc cref="UpdateNetworkAsync" />
    public Task<NeutronPort> UpdatePortAsync(string id, object change, CancellationToken cancellationToken) =>
        SendAsync<NeutronPort>(HttpMethod.Put, $"ports/{id}", "port", change, cancellationToken);

    /// <inheritdoc cref="UpdateNetworkAsync" />
    public Task<NeutronAgent> UpdateAgentAsync(string id, object change, CancellationToken cancellationToken) =>
        SendAsync<NeutronAgent>(HttpMethod.Put, $"agents/{id}", "agent", change, cancellationToken);

    public Task<NeutronPort> GetPortAsync(string id, CancellationToken cancellationToken) =>
        SendAsync<NeutronPort>(HttpMethod.Get, $"ports/{id}", "port", null, cancellationToken);

    public Task<NeutronPort[]> ListPortsAsync(string networkId, CancellationToken cancellationToken) =>
        SendAsync<NeutronPort[]>(HttpMethod.Get, $"ports?network_id={networkId}", "ports", null, cancellationToken);

    public Task<NeutronNetwork[]> ListNetworksAsync(CancellationToken cancellationToken) =>
        SendAsync<NeutronNetwork[]>(HttpMethod.Get, "networks", "networks", null, cancellationToken);

    public Task<NeutronSegment[]> ListSegmentsAsync(string networkId, CancellationToken cancellationToken) =>
        SendAsync<NeutronSegment[]>(HttpMethod.Get, $"segments?network_id={networkId}", "segments", null, cancellationToken);

    public Task<NeutronAgent[]> ListAgentsAsync(CancellationToken cancellationToken) =>
        SendAsync<NeutronAgent[]>(HttpMethod.Get, "agents", "agents", null, cancellationToken);

    /// <summary>The DHCP agents that a network is scheduled to.</summary>
    public Task<NeutronAgent[]> ListDhcpAgentsAsync(string networkId, CancellationToken cancellationToken) =>
        SendAsync<NeutronAgent[]>(HttpMethod.Get, $"networks/{networkId}/dhcp-agents", "agents", null, cancellationToken);

    /// <summary>Makes a router; its id.</summary>
    public async Task<string> CreateRouterAsync(CancellationToken cancellationToken) =>
        (await SendAsync<JsonElement>(HttpMethod.Post, "routers", "router", new { name = "router" }, cancellationToken)).GetProperty("id").GetString()!;

    /// <summary>Gives a router the gateway address of a subnet.</summary>
    public Task AddRouterInterfaceAsync(string routerId, string subnetId, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Put, $"routers/{routerId}/add_router_interface", new { subnet_id = subnetId }, cancellationToken);

    public Task RemoveRouterInterfaceAsync(string routerId, string subnetId, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Put, $"routers/{routerId}/remove_router_interface", new { subnet_id = subnetId }, cancellationToken);

    public Task DeleteRouterAsync(string id, CancellationToken cancellationToken) => DeleteAsync($"routers/{id}", cancellationToken);

    /// <summary>Gives a network to an agent.</summary>
    public Task AddToAgentAsync(string agentId, string networkId, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Post, $"agents/{agentId}/dhcp-networks", new { network_id = networkId }, cancellationToken);

    /// <summary>Takes a network from an agent; the server keeps the agent's port there for the next one.</summary>
    public Task RemoveFromAgentAsync(string agentId, string networkId, CancellationToken cancellationToken) =>
        DeleteAsync($"agents/{agentId}/dhcp-networks/{networkId}", cancellationToken);

    public Task DeletePortAsync(string id, CancellationToken cancellationToken) => DeleteAsync($"ports/{id}", cancellationToken);

    public Task DeleteSubnetAsync(string id, CancellationToken cancellationToken) => DeleteAsync($"subnets/{id}", cancellationToken);

    /// <summary>Deletes a network with its subnets; its ports, other than the DHCP agents', must have gone before.</summary>
    public Task DeleteNetworkAsync(string id, CancellationToken cancellationToken) => DeleteAsync($"networks/{id}", cancellationToken);

    public Task DeleteAgentAsync(string id, CancellationToken cancellationToken) => DeleteAsync($"agents/{id}", cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task DoAsync(HttpMethod method, string target, object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(target, UriKind.Relative));
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _client.SendAsync(request, cancellationToken);
        await CheckAsync(answer, $"{method} {target}", cancellationToken);
    }

    private async Task DeleteAsync(string target, CancellationToken cancellationToken)
    {
        using var answer = await _client.DeleteAsync(new Uri(target, UriKind.Relative), cancellationToken);
        if (answer.StatusCode is not HttpStatusCode.NotFound)
        {
            await CheckAsync(answer, $"DELETE {target}", cancellationToken);
        }
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string target, string member, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(target, UriKind.Relative));
        if (body is not null)
        {
            // A change may set a member to null, which means something; what is created leaves its nulls out. The server's WSGI
            // wants a Content-Length, which JsonContent does not send.
            var options = method == HttpMethod.Put ? JsonSerializerOptions.Web : Json;
            var whole = new Dictionary<string, object> { [member] = body };
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(whole, options));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        using var answer = await _client.SendAsync(request, cancellationToken);
        await CheckAsync(answer, $"{method} {target}", cancellationToken);
        var document = await answer.Content.ReadFromJsonAsync<Dictionary<string, JsonElement>>(Json, cancellationToken);
        return document![member].Deserialize<T>(Json)!;
    }

    private static async Task CheckAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        if (!answer.IsSuccessStatusCode)
        {
            Assert.Fail($"{what}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }
}
