using DhcpHost.Interfaces;
using DhcpHost.Plugin.OpenVSwitch.Ovsdb;

namespace DhcpHost.Plugin.OpenVSwitch;

/// <summary>What the kernel and Open vSwitch have of a network's interface.</summary>
internal sealed record ObservedOvsInterface : ObservedInterface
{
    public ObservedOvsInterface(ObservedInterface links)
        : base(links)
    {
    }

    /// <summary>Whether Open vSwitch has the bridge.</summary>
    public bool BridgeExists { get; init; }

    /// <summary>The port of the outer end's name, on whichever bridge.</summary>
    public OvsPort? Port { get; init; }

    /// <summary>Whether that port is of the right kind, and on the right bridge.</summary>
    public bool IsPlugged { get; init; }

    /// <summary>Whether the link inside is the port's own, and not an end of a pair.</summary>
    public bool IsInternal { get; init; }
}
