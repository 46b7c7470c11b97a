using DhcpHost.Abstractions.Failures;
using DhcpHost.Core.Engine;
using DhcpHost.Http.Answers;
using DhcpHost.Http.Requests;
using DhcpHost.Http.Streams;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Endpoints;

/// <summary>
/// Leases: <c>/v1/networks/{id}/leases</c>, <c>/v1/networks/{id}/leases/{address}</c>, and those of all networks at <c>/v1/leases</c>.
/// </summary>
internal sealed class LeaseEndpoints(ManagementServices services)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/networks/{id}/leases", ListAsync);
        routes.Delete("/v1/networks/{id}/leases/{address}", ReleaseAsync);
        routes.GetLong("/v1/leases", ListAllAsync);
    }

    private async Task ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = RequestReader.NetworkId(context);
        if (services.Engine.FindStatus(id) is null)
        {
            throw Problems.NoNetwork(id);
        }

        await Answer.JsonAsync(context, await services.Engine.ListLeasesAsync(id, cancellationToken), cancellationToken);
    }

    private async Task ReleaseAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = RequestReader.NetworkId(context);
        var address = RequestReader.Address(context);
        if (services.Engine.FindStatus(id) is null)
        {
            throw Problems.NoNetwork(id);
        }

        var leases = await services.Engine.ListLeasesAsync(id, cancellationToken);
        var lease = leases.FirstOrDefault(lease => lease.Address.Equals(address));
        if (lease is null || !await services.Engine.ReleaseLeaseAsync(id, lease, cancellationToken))
        {
            throw Problems.NoLease(id, address.ToString());
        }

        await Answer.AcceptedAsync(context, new EngineAnswer(true, $"the lease of {address} on network {id} is ended", 1), cancellationToken);
    }

    /// <summary>One line for each network, as soon as it is known: a network that cannot tell does not hide the others.</summary>
    private async Task ListAllAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var stream = await LineStream.OpenAsync(context, cancellationToken);
        foreach (var status in services.Engine.Networks)
        {
            NetworkLeases line;
            try
            {
                line = new(status.Id, [.. await services.Engine.ListLeasesAsync(status.Id, cancellationToken)]);
            }
            catch (DhcpHostException exception) when (exception.Kind == FailureKind.Gone)
            {
                line = new(status.Id, []);
            }
            catch (DhcpHostException exception)
            {
                line = new(status.Id, [], exception.Message);
            }

            await stream.WriteAsync(line, null, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
    }
}
