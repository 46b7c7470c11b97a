using DhcpHost.Abstractions.Drivers;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Plans;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>What has to be done with a server, and why.</summary>
/// <param name="Action">What.</param>
/// <param name="Reasons">Why that and nothing less.</param>
/// <param name="Missing">The protocols whose sockets have to be opened.</param>
/// <param name="Server">The server that runs.</param>
internal sealed record ServerChange(ApplyAction Action, IReadOnlyList<string> Reasons, IReadOnlyList<int> Missing, NetworkServer? Server)
{
    /// <summary>Decides for the way that clients notice least. On the loop's thread.</summary>
    public static ServerChange Decide(NetworkServer? server, ServingModel model, string namespaceId)
    {
        var needed = Needed(model);
        if (server is null)
        {
            return new(ApplyAction.Started, ["it was not served"], needed, null);
        }

        var binding = model.Plan.Interface;
        if (server.Link.NamespaceId != namespaceId || server.Link.Binding.Namespace != binding.Namespace)
        {
            return new(ApplyAction.Restarted, ["its interface is in another namespace"], needed, server);
        }

        if (server.Link.Binding.Device != binding.Device || server.FindLinkIndex(binding.Device) != server.Link.Index)
        {
            return new(ApplyAction.Restarted, ["its interface is another one"], needed, server);
        }

        var reasons = ServedPlan.Compare(server.Model.Plan, model.Plan);
        return reasons.Count == 0
            ? new(ApplyAction.Unchanged, [], [], server)
            : new(ApplyAction.Reloaded, reasons, [.. needed.Where(protocol => !server.IsServing(protocol))], server);
    }

    /// <summary>The protocols that have something to serve.</summary>
    public static IReadOnlyList<int> Needed(ServingModel model) => [.. Enumerable.Range(0, model.Parts.Count).Where(i => model.Parts[i] is not null)];
}
