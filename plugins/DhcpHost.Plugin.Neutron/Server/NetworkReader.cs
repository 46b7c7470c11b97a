using System.Text.Json;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Neutron;
using DhcpHost.Plugin.Neutron.Caching;

namespace DhcpHost.Plugin.Neutron.Server;

/// <summary>Asks Neutron's server about networks, and takes its answers into the cache.</summary>
internal sealed class NetworkReader(NeutronServer server, NetworkCache cache, NetworkProblems problems)
{
    /// <summary>One network as it is now; <c>null</c> where it is gone.</summary>
    public async Task<Network?> GetAsync(NetworkId id, CancellationToken cancellationToken)
    {
        using var fetch = cache.Begin();
        var answer = await server.GetNetworkAsync(id, cancellationToken);
        var network = answer.ValueKind == JsonValueKind.Null ? null : Read(answer);
        if (network is not null && network.Id != id)
        {
            throw new DhcpHostException(FailureKind.Transient, $"Neutron's server was asked for network {id} and answered with {network.Id}.");
        }

        var known = cache.Put(fetch, id, network);
        if (known is null)
        {
            problems.Forget(id);
        }

        return known;
    }

    /// <summary>All networks as they are now.</summary>
    /// <param name="isEmptyCredible">Whether an empty answer may be true.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<IReadOnlyList<Network>> ListAsync(Func<bool> isEmptyCredible, CancellationToken cancellationToken)
    {
        using var fetch = cache.Begin();
        var answer = await server.ListNetworksAsync(cancellationToken);
        if (answer.ValueKind != JsonValueKind.Array)
        {
            throw new DhcpHostException(FailureKind.Transient, $"Neutron's server answered get_active_networks_info with {answer.ValueKind}, not with a list.");
        }

        if (answer.GetArrayLength() == 0 && !isEmptyCredible())
        {
            // The server answers so where it does not know the agent; to believe it would take down all that runs.
            throw new DhcpHostException(
                FailureKind.Transient, "Neutron's server lists no network, and has not yet taken a report of this agent: it may not know it.");
        }

        var networks = new List<Network>(answer.GetArrayLength());
        var unread = new HashSet<NetworkId>();
        foreach (var item in answer.EnumerateArray())
        {
            try
            {
                networks.Add(Read(item));
            }
            catch (NeutronFormatException exception)
            {
                if (FindId(item) is { } id)
                {
                    unread.Add(id);
                    problems.Set(id, [$"network {id}: {exception.Message}"]);
                }
                else
                {
                    problems.Count(exception.Message);
                }
            }
        }

        var known = cache.Put(fetch, networks, unread);
        problems.Keep(known.Select(network => network.Id).Concat(unread).ToHashSet());
        return known;
    }

    private Network Read(JsonElement json)
    {
        var (network, refusals) = NeutronMapping.ReadNetwork(json);
        problems.Set(network.Id, refusals.Select(refusal => $"network {network.Id}: {refusal.Subject}: {refusal.Reason}"));
        return SegmentNames.Apply(network);
    }

    private static NetworkId? FindId(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            && NetworkId.TryParse(id.GetString(), null, out var known) ? known : null;
}
