using System.Globalization;
using DhcpHost.Abstractions.Status;
using DhcpHost.Http.Answers;
using DhcpHost.Http.Requests;
using DhcpHost.Http.Streams;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Endpoints;

/// <summary>The history at <c>/v1/events</c>, listed or followed.</summary>
internal sealed class EventEndpoints(ManagementServices services, FollowerSlots followers, TimeProvider timeProvider)
{
    private const int DefaultCount = 100;
    private const int MaxCount = 10_000;

    public void Map(Routes routes) => routes.GetLong("/v1/events", ListAsync);

    private async Task ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var network = RequestReader.NetworkFilter(context);
        var isFollowed = RequestReader.Flag(context, "follow");
        var count = RequestReader.Count(context, "count", isFollowed ? 0 : DefaultCount, MaxCount);
        if (!isFollowed)
        {
            IReadOnlyList<HostEvent> events = count == 0 ? [] : await services.Events.ListAsync(network, count, cancellationToken);
            await Answer.JsonAsync(context, events, cancellationToken);
            return;
        }

        using var slot = followers.Take();
        await using var follower = new Follower<HostEvent>(services.Events.FollowAsync(cancellationToken), timeProvider, cancellationToken);

        // A browser that lost its connection says which event it saw last: it gets what it missed.
        var seen = LastSeen(context);
        var earlier = (count, seen) switch
        {
            (_, > 0) => (await services.Events.ListAsync(network, MaxCount, cancellationToken)).Where(e => e.Sequence > seen),
            ( > 0, _) => await services.Events.ListAsync(network, count, cancellationToken),
            _ => [],
        };
        var stream = await LineStream.OpenAsync(context, cancellationToken);
        foreach (var item in earlier.Reverse())
        {
            await stream.WriteAsync(item, item.Sequence, cancellationToken);
            seen = item.Sequence;
        }

        await stream.FlushAsync(cancellationToken);

        // Notices of the log itself (events.dropped) have no place in the history, and go to everyone.
        await follower.CopyToAsync(
            stream,
            item => item.Sequence == 0 || (item.Sequence > seen && (network is null || item.NetworkId == network)),
            item => item.Sequence == 0 ? null : item.Sequence,
            cancellationToken);
    }

    private static long LastSeen(HttpContext context) =>
        long.TryParse(context.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
}
