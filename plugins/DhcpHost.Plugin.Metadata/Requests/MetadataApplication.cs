using System.Globalization;
using System.Net;
using DhcpHost.Plugin.Metadata.Listening;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>What the web server runs for each request of all networks.</summary>
internal sealed class MetadataApplication(MetadataOptions options, IMetadataAnswers answers, ILogger logger) : IHttpApplication<HttpContext>
{
    /// <summary>The header of the driver's own checks.</summary>
    public const string CheckHeader = "X-DhcpHost-Check";

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing was made for it.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var connection = context.Features.GetRequiredFeature<IProxyConnection>();
        var proxy = connection.Proxy;
        using var request = connection.BeginRequest();
        context.Response.OnStarting(static state =>
        {
            var (response, connection) = ((HttpResponse, IProxyConnection))state;
            if (connection.IsClosing)
            {
                response.Headers.Connection = "close";
            }

            return Task.CompletedTask;
        }, (context.Response, connection));
        if (context.Request.Headers.TryGetValue(CheckHeader, out var nonce) && nonce == proxy.Nonce)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers[CheckHeader] = proxy.Nonce;
            return;
        }

        await AnswerAsync(context, proxy, InstanceFinder.Normalize(context.Connection.RemoteIpAddress ?? IPAddress.None));
    }

    private async Task AnswerAsync(HttpContext context, NetworkProxy proxy, IPAddress client)
    {
        proxy.Counters.Request();
        if (proxy.Rates is { } rates && !rates.TryPass(client))
        {
            proxy.Counters.LimitedRequest();
            context.Response.Headers.RetryAfter = Math.Ceiling(options.BaseWindowDuration.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await Answers.WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many requests.");
        }
        else if (context.Request.ContentLength > options.MaxBodyBytes.Bytes)
        {
            await Answers.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, "The request's body is too large.");
        }
        else
        {
            await answers.AnswerAsync(context, proxy, client);
        }

        Log.Answered(logger, proxy.Key, client, context.Request.Method, context.Request.Path, context.Response.StatusCode);
    }
}
