using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Engine;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Answers;

/// <summary>Writes answers, as JSON of the model.</summary>
internal static class Answer
{
    public static Task JsonAsync<T>(HttpContext context, T value, CancellationToken cancellationToken, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(value, ModelJson.Options, cancellationToken);
    }

    /// <summary>The engine's answer: accepted, or refused by a limit.</summary>
    public static Task AcceptedAsync(HttpContext context, EngineAnswer answer, CancellationToken cancellationToken) =>
        answer.IsDone ? JsonAsync(context, answer, cancellationToken, StatusCodes.Status202Accepted) : throw Problems.Refused(answer.Message);
}
