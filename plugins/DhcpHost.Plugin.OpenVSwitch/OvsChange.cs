using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Interfaces;
using DhcpHost.Linux.Interop;
using DhcpHost.Plugin.OpenVSwitch.Ovsdb;

namespace DhcpHost.Plugin.OpenVSwitch;

/// <summary>Something in Open vSwitch that differs from the wish.</summary>
internal abstract record OvsChange(OvsSwitch Switch) : InterfaceChange
{
    /// <summary>A port that is of the wrong kind, on the wrong bridge, or whose link is out of reach.</summary>
    public sealed record DeletePort(OvsSwitch Switch, string Name, string Before) : OvsChange(Switch)
    {
        public override PreviewedChange Preview => new($"port {Name}", Before, null);

        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken) => Switch.DeleteAsync(Name, cancellationToken);
    }

    public sealed record AddPort(OvsSwitch Switch, OvsPortSpec Spec) : OvsChange(Switch)
    {
        public override PreviewedChange Preview => new($"port {Spec.Name} of {Spec.Bridge}", null, Spec.IsInternal ? "present, internal" : "present");

        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken) => Switch.AddAsync(Spec, cancellationToken);
    }

    /// <summary>An internal port's link goes from the host's namespace, where Open vSwitch makes it, into the network's.</summary>
    public sealed record MoveIn(OvsSwitch Switch, string Bridge, string Device) : OvsChange(Switch)
    {
        public override PreviewedChange Preview => new($"namespace of {Device}", "the host's", "the network's");

        public override async Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            if (work.Root.FindLink(Device) is not { } link)
            {
                var (_, port) = await Switch.FindAsync(Bridge, Device, cancellationToken);
                throw new DhcpHostException(
                    FailureKind.Transient,
                    $"Open vSwitch made no link for the port {Device}: "
                    + $"{(port?.Error is { Length: > 0 } error ? error : "it says nothing")}");
            }

            work.Root.Execute(batch => batch.MoveTo(link.Index, work.Namespace));
        }
    }

    public sealed record SetExternalIds(OvsSwitch Switch, string Name, OvsExternalIds Ids) : OvsChange(Switch)
    {
        public override PreviewedChange Preview => new($"external ids of {Name}", "others", $"iface-id={Ids.PortId}, attached-mac={Ids.MacAddress}");

        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken) => Switch.SetExternalIdsAsync(Name, Ids, cancellationToken);
    }

    public sealed record SetVlan(OvsSwitch Switch, string Name, int? Before, OvsVlan Vlan) : OvsChange(Switch)
    {
        public override PreviewedChange Preview => new($"VLAN of {Name}", Before?.ToString(System.Globalization.CultureInfo.InvariantCulture), $"{Vlan.Tag}");

        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken) => Switch.SetVlanAsync(Name, Vlan, cancellationToken);
    }

    /// <summary>What an earlier port of the network left: a port of the switch, a link inside, or both.</summary>
    public sealed record DeleteStale(OvsSwitch Switch, string Device) : OvsChange(Switch)
    {
        public override PreviewedChange Preview => new($"link {Device}", "present, of no port", null);

        public override async Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            _ = await Switch.DeleteAsync(InterfaceNames.HostDeviceOf(Device), cancellationToken);
            work.Inside.Execute(batch => batch.DeleteLink(Device).Unless(Errno.ENODEV));
        }
    }
}
