using System.Globalization;
using DhcpHost.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Metrics;

/// <summary><c>/metrics</c>, in the text format of Prometheus.</summary>
internal sealed class MetricEndpoint(MetricCollector collector)
{
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    public void Map(Routes routes) => routes.Get("/metrics", ShowAsync);

    private Task ShowAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        collector.Write(text);
        context.Response.ContentType = TextFormat;
        return context.Response.WriteAsync(text.ToString(), cancellationToken);
    }
}
