using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.InProcess.Model;

/// <summary>The protocols that a driver speaks.</summary>
/// <param name="All">All of them.</param>
internal sealed record Protocols(IReadOnlyList<IProtocol> All)
{
    /// <summary>Tells when a link goes; beside the protocols' own sockets.</summary>
    public static DatagramSocketSpec LinkEvents { get; } = new(DatagramKind.LinkEvents) { ReceiveBuffer = 0 };

    /// <summary>Makes the model of a plan.</summary>
    public ServingModel Build(DhcpPlan plan)
    {
        var refusals = new RefusalList();
        var subnets = new SubnetSet(plan.Network);
        var parts = All.Select(protocol => protocol.BuildModel(plan, subnets, refusals)).ToArray();
        return new(plan, parts, refusals.ToArray());
    }
}
