using System.Globalization;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DhcpHost.Http.Streams;

/// <summary>
/// An answer without end: a line of JSON for each item (NDJSON), or server-sent events where the client asks for <c>text/event-stream</c>.
/// </summary>
internal sealed class LineStream
{
    private const string EventStream = "text/event-stream";

    private readonly HttpResponse _response;
    private readonly bool _isEventStream;

    private LineStream(HttpResponse response, bool isEventStream) => (_response, _isEventStream) = (response, isEventStream);

    /// <summary>Sends the head.</summary>
    public static async Task<LineStream> OpenAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var isEventStream = context.Request.Headers.Accept.ToString().Contains(EventStream, StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = isEventStream ? EventStream : "application/x-ndjson";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await context.Response.Body.FlushAsync(cancellationToken);
        return new(context.Response, isEventStream);
    }

    /// <summary>Adds an item; it is sent by the next flush.</summary>
    public async Task WriteAsync<T>(T item, long? id, CancellationToken cancellationToken)
    {
        if (_isEventStream)
        {
            if (id is { } number)
            {
                await _response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {number}\n"), cancellationToken);
            }

            await _response.WriteAsync("data: ", cancellationToken);
        }

        // JSON without indentation has no line break of its own: control characters in strings are escaped.
        await JsonSerializer.SerializeAsync(_response.Body, item, ModelJson.Options, cancellationToken);
        await _response.WriteAsync(_isEventStream ? "\n\n" : "\n", cancellationToken);
    }

    /// <summary>Says that the host is still there; a client that is gone is noticed by it.</summary>
    public Task BeatAsync(CancellationToken cancellationToken) => _response.WriteAsync(_isEventStream ? ":\n\n" : "\n", cancellationToken);

    public Task FlushAsync(CancellationToken cancellationToken) => _response.Body.FlushAsync(cancellationToken);
}
