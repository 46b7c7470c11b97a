using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Http.Answers;
using DhcpHost.Http.Requests;
using DhcpHost.Http.Streams;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Endpoints;

/// <summary>Networks: <c>/v1/networks</c> (also followed), <c>/v1/networks/{id}</c>, its resync, <c>/v1/plan</c>.</summary>
internal sealed class NetworkEndpoints(ManagementServices services, FollowerSlots followers, TimeProvider timeProvider)
{
    public void Map(Routes routes)
    {
        routes.GetLong("/v1/networks", ListAsync);
        routes.Get("/v1/networks/{id}", ShowAsync);
        routes.Post("/v1/networks/{id}/resync", ResyncAsync);
        routes.GetLong("/v1/plan", PlanAsync);
    }

    private Task ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var phase = RequestReader.Word<NetworkPhase>(context, "phase");
        return RequestReader.Flag(context, "watch")
            ? WatchAsync(context, phase, cancellationToken)
            : Answer.JsonAsync(context, Select(phase), cancellationToken);
    }

    private async Task WatchAsync(HttpContext context, NetworkPhase? phase, CancellationToken cancellationToken)
    {
        using var slot = followers.Take();
        // Subscribed before the list is read: a change in between comes twice, none is missed.
        await using var follower = new Follower<NetworkStatus>(services.Engine.WatchAsync(cancellationToken), timeProvider, cancellationToken);
        var stream = await LineStream.OpenAsync(context, cancellationToken);
        foreach (var status in Select(phase))
        {
            await stream.WriteAsync(status, null, cancellationToken);
        }

        await stream.FlushAsync(cancellationToken);
        await follower.CopyToAsync(stream, status => phase is null || status.Phase == phase, _ => null, cancellationToken);
    }

    private Task ShowAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = RequestReader.NetworkId(context);
        var status = services.Engine.FindStatus(id) ?? throw Problems.NoNetwork(id);
        return Answer.JsonAsync(context, new NetworkDetail(status, services.Engine.FindNetwork(id)), cancellationToken);
    }

    private Task ResyncAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = RequestReader.NetworkId(context);
        return services.Engine.Resync(id)
            ? Answer.AcceptedAsync(context, new EngineAnswer(true, $"network {id} is first in the queue", 1), cancellationToken)
            : throw Problems.NoNetwork(id);
    }

    private Task PlanAsync(HttpContext context, CancellationToken cancellationToken) =>
        Answer.JsonAsync(context, services.Engine.PlanAsync(RequestReader.NetworkFilter(context), cancellationToken), cancellationToken);

    private IEnumerable<NetworkStatus> Select(NetworkPhase? phase) =>
        services.Engine.Networks.Where(status => phase is null || status.Phase == phase);
}
