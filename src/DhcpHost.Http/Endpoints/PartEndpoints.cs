using DhcpHost.Http.Answers;
using DhcpHost.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace DhcpHost.Http.Endpoints;

/// <summary>What the host is made of: <c>/v1/plugins</c>, <c>/v1/scripts</c>, <c>/v1/jobs</c>, <c>/v1/limits</c>.</summary>
internal sealed class PartEndpoints(ManagementServices services)
{
    public void Map(Routes routes)
    {
        routes.Get("/v1/plugins", (context, token) => Answer.JsonAsync(context, services.Plugins.Plugins, token));
        routes.PostLong("/v1/plugins/{id}/reload", ReloadAsync);
        routes.Get("/v1/scripts", (context, token) => Answer.JsonAsync(context, services.Scripts.Scripts, token));
        routes.PostLong("/v1/scripts/check", async (context, token) => await Answer.JsonAsync(context, await services.Scripts.CheckAsync(token), token));
        routes.Get("/v1/jobs", async (context, token) => await Answer.JsonAsync(context, await services.Jobs.ListAsync(token), token));
        routes.PostLong("/v1/jobs/{name}/run", RunAsync);
        routes.Get("/v1/limits", (context, token) => Answer.JsonAsync(context, LimitList.Of(services), token));
    }

    private async Task ReloadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var id = RequestReader.PluginId(context);
        if (!await services.Plugins.ReloadAsync(id, cancellationToken))
        {
            throw Problems.NoPlugin(id);
        }

        var status = services.Plugins.Plugins.FirstOrDefault(plugin => plugin.Id == id) ?? throw Problems.NoPlugin(id);
        await Answer.JsonAsync(context, status, cancellationToken);
    }

    private async Task RunAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var name = RequestReader.Route(context, "name");
        var status = await services.Jobs.RunNowAsync(name, cancellationToken) ?? throw Problems.NoJob(name);
        await Answer.JsonAsync(context, status, cancellationToken);
    }
}
