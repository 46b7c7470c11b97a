using DhcpHost.Abstractions.Failures;
using DhcpHost.Http.Answers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Http.Requests;

/// <summary>Runs a handler to its deadline, and turns whatever goes wrong into a problem.</summary>
internal sealed partial class RequestScope(ManagementOptions options, TimeProvider timeProvider, ILogger logger, CancellationToken stopping)
{
    /// <summary>Runs one request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="handler">What is to be done.</param>
    /// <param name="hasDeadline">
    /// Whether <see cref="ManagementOptions.RequestTime"/> holds; a handler without it ends with the client or the host, or by a limit of
    /// its own.
    /// </param>
    public async Task RunAsync(HttpContext context, Func<HttpContext, CancellationToken, Task> handler, bool hasDeadline)
    {
        using var deadline = new CancellationTokenSource(hasDeadline ? options.RequestTime : Timeout.InfiniteTimeSpan, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, deadline.Token);
        Problem problem;
        try
        {
            await handler(context, linked.Token);
            return;
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to answer.
            return;
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested)
        {
            problem = stopping.IsCancellationRequested ? Problems.Stopping() : Problems.TimedOut(options.RequestTime);
        }
        catch (ProblemException exception)
        {
            problem = exception.Problem;
        }
        catch (BadHttpRequestException exception)
        {
            problem = exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Problems.TooLarge(context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0)
                : Problems.Bad(exception.StatusCode, exception.Message);
        }
        catch (DhcpHostException exception) when (exception.Kind != FailureKind.Bug)
        {
            problem = Problems.Of(exception);
        }
        catch (Exception exception)
        {
            // The boundary of the API: behind it are drivers and scripts. The caller learns that it failed, the log learns why.
            LogFault(logger, exception, context.Request.Method, context.Request.Path);
            problem = Problems.Bug();
        }

        await AnswerAsync(context, problem, context.RequestAborted);
    }

    /// <summary>Writes a problem; where the answer has begun already, cuts it, so that the client does not take it for whole.</summary>
    public static async Task AnswerAsync(HttpContext context, Problem problem, CancellationToken cancellationToken)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.ContentLength = null;
        context.Response.StatusCode = problem.Status;
        await context.Response.WriteAsJsonAsync(problem, Abstractions.Networks.ModelJson.Options, Problem.MediaType, cancellationToken);
    }

    [LoggerMessage(8003, LogLevel.Error, "Request {Method} {Path} failed in a way nobody expected")]
    private static partial void LogFault(ILogger logger, Exception exception, string method, string path);
}
