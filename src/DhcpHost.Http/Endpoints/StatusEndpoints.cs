using DhcpHost.Core.Plugins;
using DhcpHost.Http.Answers;
using DhcpHost.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Endpoints;

/// <summary>The host as a whole: <c>/v1/status</c>, <c>/v1/resync</c>, <c>/healthz</c>, <c>/readyz</c>.</summary>
internal sealed class StatusEndpoints(ManagementServices services, TimeProvider timeProvider)
{
    private const int MaxReasonLength = 200;

    public void Map(Routes routes)
    {
        routes.Get("/v1/status", StatusAsync);
        routes.Post("/v1/resync", ResyncAsync);
        routes.Get("/healthz", HealthAsync);
        routes.Get("/readyz", ReadyAsync);
    }

    private Task StatusAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var (engine, problems) = (services.Engine.Status, FindProblems());
        var status = new HostStatus
        {
            Version = services.Version,
            ProcessId = Environment.ProcessId,
            Now = timeProvider.GetUtcNow(),
            ConfigPath = services.ConfigPath,
            Ready = ReadyStatus.Of(engine, problems),
            Problems = [.. problems],
            Engine = engine,
        };
        return Answer.JsonAsync(context, status, StatusJson.Model.HostStatus, cancellationToken);
    }

    private async Task ResyncAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = await RequestReader.BodyAsync<ResyncRequest>(context, cancellationToken);
        var reason = request?.Reason is { Length: > 0 } text ? text : "asked for over the management API";
        if (reason.Length > MaxReasonLength || reason.Any(char.IsControl))
        {
            throw Problems.BadBody($"'reason' may have {MaxReasonLength} characters and no control characters.");
        }

        await Answer.AcceptedAsync(context, await services.Engine.ResyncAllAsync(reason, cancellationToken), cancellationToken);
    }

    // The process answers: that is all that a liveness probe must ask, or a broken network would get the host killed.
    private static Task HealthAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("ok\n", cancellationToken);
    }

    private List<string> FindProblems()
    {
        var problems = new List<string>();
        if (services.ConfigProblem() is { } config)
        {
            problems.Add(config);
        }

        if (services.LogProblem() is { } log)
        {
            problems.Add($"log file {log}");
        }

        problems.AddRange(
            services.Plugins.Plugins.Where(plugin => plugin.State == PluginState.Failed).Select(plugin => $"plugin {plugin.Id}: {plugin.Message}"));
        problems.AddRange(services.Plugins.Plugins.Where(plugin => plugin.Refused is not null).Select(plugin => $"plugin {plugin.Id}: {plugin.Refused}"));
        problems.AddRange(services.Scripts.Scripts.Where(script => !script.IsCurrent).SelectMany(
            script => script.Problems.Select(problem => $"script {script.Name}: {problem}")));
        return problems;
    }

    private Task ReadyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var ready = ReadyStatus.Of(services.Engine.Status, FindProblems());
        return Answer.JsonAsync(
            context, ready, StatusJson.Model.ReadyStatus, cancellationToken, ready.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
