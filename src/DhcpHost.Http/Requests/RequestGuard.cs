using System.Net;
using DhcpHost.Http.Answers;
using DhcpHost.Http.Listening;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DhcpHost.Http.Requests;

/// <summary>Refuses what no endpoint should see: bodies above the limit, and on TCP changes and the requests of other sites' pages.</summary>
internal sealed class RequestGuard(ManagementOptions options, IPEndPoint? tcp, Func<long> requestBytes)
{
    /// <summary>Says why the request is refused; <c>null</c> where it is not.</summary>
    public Problem? Check(HttpContext context)
    {
        var request = context.Request;
        var limit = requestBytes();
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        if (request.ContentLength > limit)
        {
            return Problems.TooLarge(limit);
        }

        return context.Features.Get<EndpointKind>() is { IsSocket: true } ? null : CheckTcp(request);
    }

    private Problem? CheckTcp(HttpRequest request)
    {
        // A name that someone else's DNS gives to this address must not make a browser our client (DNS rebinding).
        if (!IsOurs(request.Host.Host))
        {
            return Problems.ForeignOrigin($"Its Host header names '{request.Host.Host}', which is no address of this endpoint.");
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        if (!options.TcpChanges)
        {
            return Problems.ReadOnlyEndpoint();
        }

        // Browsers send it with every request that changes something.
        return request.Headers.Origin is { Count: > 0 } origin
            && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
            ? Problems.ForeignOrigin($"It was made by a page of '{origin}'.")
            : null;
    }

    private bool IsOurs(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address)
            && (IPAddress.IsLoopback(address)
                || tcp is null
                || address.Equals(tcp.Address)
                || tcp.Address.Equals(IPAddress.Any)
                || tcp.Address.Equals(IPAddress.IPv6Any)));
}
