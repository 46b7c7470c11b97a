using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>Says to the agent or to Nova whose request it is.</summary>
/// <param name="client">The client's address.</param>
/// <param name="plan">Its network.</param>
/// <param name="instance">Its port, in the mode <c>nova</c>.</param>
/// <param name="secret">What the instance's id is signed with, in the mode <c>nova</c>.</param>
internal sealed class UpstreamRequest(string client, MetadataPlan plan, Port? instance, SharedSecret? secret) : HttpTransformer
{
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        foreach (var header in httpContext.Request.Headers)
        {
            if (!ForwardedHeaders.IsAllowed(header.Key))
            {
                continue;
            }

            // Headers of the body belong to it, where there is one.
            if (!proxyRequest.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value))
            {
                _ = proxyRequest.Content?.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value);
            }
        }

        Set(ForwardedHeaders.ForwardedFor, client);
        if (instance is null)
        {
            Set(plan.RouterId is null ? ForwardedHeaders.NetworkId : ForwardedHeaders.RouterId, plan.RouterId ?? plan.Network.Id.Value);
        }
        else
        {
            Set(ForwardedHeaders.InstanceId, instance.DeviceId);
            Set(ForwardedHeaders.TenantId, instance.ProjectId);
            Set(ForwardedHeaders.Signature, secret!.Sign(instance.DeviceId));
        }

        return ValueTask.CompletedTask;

        void Set(string name, string value) => _ = proxyRequest.Headers.TryAddWithoutValidation(name, value);
    }
}
