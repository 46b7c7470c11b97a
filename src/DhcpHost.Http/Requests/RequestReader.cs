using System.Globalization;
using System.Net;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Http.Answers;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Requests;

/// <summary>Reads and checks the parts of a request.</summary>
internal static class RequestReader
{
    public static NetworkId NetworkId(HttpContext context)
    {
        var text = Route(context, "id");
        return Abstractions.Networks.NetworkId.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : throw Problems.BadId("network", text);
    }

    public static PluginId PluginId(HttpContext context)
    {
        var text = Route(context, "id");
        return Abstractions.Networks.PluginId.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : throw Problems.BadId("plugin", text);
    }

    /// <summary>The network of the query, if it names one.</summary>
    public static NetworkId? NetworkFilter(HttpContext context)
    {
        var text = Query(context, "network");
        return text is null ? null
            : Abstractions.Networks.NetworkId.TryParse(text, CultureInfo.InvariantCulture, out var id) ? id : throw Problems.BadId("network", text);
    }

    public static IPAddress Address(HttpContext context)
    {
        var text = Route(context, "address");
        // IPAddress takes '1' for 0.0.0.1: only the usual form is meant here.
        return IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3)
            ? address
            : throw Problems.BadValue("address", text, "an IPv4 or IPv6 address");
    }

    public static int Count(HttpContext context, string name, int defaultValue, int max)
    {
        var text = Query(context, name);
        return text is null ? defaultValue
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= max ? count
            : throw Problems.BadValue(name, text, $"a number from 0 to {max}");
    }

    public static bool Flag(HttpContext context, string name) => Query(context, name) switch
    {
        null or "false" => false,
        "true" or "" => true,
        var text => throw Problems.BadValue(name, text, "true or false"),
    };

    public static TEnum? Word<TEnum>(HttpContext context, string name)
        where TEnum : struct, Enum
    {
        var text = Query(context, name);
        if (text is null)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) == text)
            {
                return value;
            }
        }

        throw Problems.BadValue(name, text, string.Join(", ", Enum.GetNames<TEnum>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)));
    }

    /// <summary>The JSON body; <c>null</c> where there is none.</summary>
    public static async Task<T?> BodyAsync<T>(HttpContext context, CancellationToken cancellationToken)
        where T : class
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        if (body.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body.GetBuffer().AsSpan(0, (int)body.Length), ModelJson.Options);
        }
        catch (JsonException exception)
        {
            throw Problems.BadBody(exception.Message);
        }
    }

    public static string Route(HttpContext context, string name) => context.Request.RouteValues[name] as string ?? "";

    private static string? Query(HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;
}
