using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DhcpHost.Http.Requests;

/// <summary>Puts handlers on paths. Plain delegates: binding by reflection would cost start time for nothing here.</summary>
internal sealed class Routes(IEndpointRouteBuilder app, RequestScope scope)
{
    public void Get(string pattern, Func<HttpContext, CancellationToken, Task> handler) => Map(pattern, HttpMethods.Get, handler, hasDeadline: true);

    public void Post(string pattern, Func<HttpContext, CancellationToken, Task> handler) =>
        Map(pattern, HttpMethods.Post, handler, hasDeadline: true);

    public void Delete(string pattern, Func<HttpContext, CancellationToken, Task> handler) =>
        Map(pattern, HttpMethods.Delete, handler, hasDeadline: true);

    /// <summary>For work that has a limit of its own: a job, a plan of all networks, a follower.</summary>
    public void GetLong(string pattern, Func<HttpContext, CancellationToken, Task> handler) =>
        Map(pattern, HttpMethods.Get, handler, hasDeadline: false);

    /// <inheritdoc cref="GetLong"/>
    public void PostLong(string pattern, Func<HttpContext, CancellationToken, Task> handler) =>
        Map(pattern, HttpMethods.Post, handler, hasDeadline: false);

    private void Map(string pattern, string method, Func<HttpContext, CancellationToken, Task> handler, bool hasDeadline) =>
        _ = app.MapMethods(pattern, [method], context => scope.RunAsync(context, handler, hasDeadline));
}
