using System.Text.Json.Serialization.Metadata;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Engine;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Answers;

/// <summary>Writes answers, as JSON of the model.</summary>
internal static class Answer
{
    public static Task JsonAsync<T>(HttpContext context, T value, CancellationToken cancellationToken, int status = StatusCodes.Status200OK)
    {
        Begin(context.Response, status);
        return context.Response.WriteAsJsonAsync(value, ModelJson.Options, cancellationToken);
    }

    /// <summary>Writes an answer by generated code.</summary>
    public static Task JsonAsync<T>(
        HttpContext context, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken, int status = StatusCodes.Status200OK)
    {
        Begin(context.Response, status);
        return context.Response.WriteAsJsonAsync(value, type, contentType: null, cancellationToken);
    }

    /// <summary>The engine's answer: accepted, or refused by a limit.</summary>
    public static Task AcceptedAsync(HttpContext context, EngineAnswer answer, CancellationToken cancellationToken) =>
        answer.IsDone ? JsonAsync(context, answer, cancellationToken, StatusCodes.Status202Accepted) : throw Problems.Refused(answer.Message);

    private static void Begin(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
    }
}
