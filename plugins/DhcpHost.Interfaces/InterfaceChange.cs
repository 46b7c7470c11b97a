using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Interfaces;

/// <summary>One thing that differs from the wish, and how it is made so. A driver may have changes of its own.</summary>
public abstract record InterfaceChange
{
    /// <summary>What operators are shown.</summary>
    public abstract PreviewedChange Preview { get; }

    /// <summary>Makes it so.</summary>
    public abstract Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken);

    /// <summary>A change in the host's namespace that netlink makes at once.</summary>
    public abstract record Outside : InterfaceChange
    {
        /// <inheritdoc/>
        public sealed override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            Execute(work.Root);
            return Task.CompletedTask;
        }

        /// <summary>Makes it so.</summary>
        protected abstract void Execute(RouteNetlink root);
    }

    /// <summary>A change of a link inside the network's namespace that netlink makes at once.</summary>
    /// <param name="Device">The link.</param>
    public abstract record Inside(string Device) : InterfaceChange
    {
        /// <inheritdoc/>
        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            var link = work.IndexInside(Device);
            work.Inside.Execute(batch => Build(batch, link));
            return Task.CompletedTask;
        }

        /// <summary>Adds the requests.</summary>
        protected abstract void Build(RouteBatch batch, int link);
    }

    /// <summary>The namespace is made before any change is: this is what operators are shown.</summary>
    public sealed record CreateNamespace(string Name) : InterfaceChange
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"namespace {Name}", null, "present");

        /// <inheritdoc/>
        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>A Linux bridge that is not there.</summary>
    public sealed record CreateBridge(string Name) : Outside
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"bridge {Name}", null, "present, up");

        /// <inheritdoc/>
        protected override void Execute(RouteNetlink root) => root.Execute(batch => batch.CreateBridge(Name).Unless(Errno.EEXIST));
    }

    /// <summary>A link in the host's namespace that stands in the way: an end without its other end, or with the wrong one.</summary>
    public sealed record DeleteHostLink(string Name) : Outside
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"link {Name}", "present, not connected", null);

        /// <inheritdoc/>
        protected override void Execute(RouteNetlink root) => root.Execute(batch => batch.DeleteLink(Name).Unless(Errno.ENODEV));
    }

    /// <summary>A link inside that stands in the way, or that an earlier port left.</summary>
    public sealed record DeleteLink(string Name, string Before) : InterfaceChange
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"link {Name}", Before, null);

        /// <inheritdoc/>
        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            work.Inside.Execute(batch => batch.DeleteLink(Name).Unless(Errno.ENODEV));
            return Task.CompletedTask;
        }
    }

    /// <summary>A veth pair: one end here, up and without an IPv6 address, the other one inside.</summary>
    /// <param name="HostDevice">The end here.</param>
    /// <param name="Device">The end inside.</param>
    /// <param name="MacAddress">Of the end inside.</param>
    /// <param name="Mtu">Of both; 0 for the kernel's own.</param>
    /// <param name="Bridge">The Linux bridge that the end here becomes a port of; <c>null</c> for none.</param>
    /// <param name="BridgeIndex">The index of that bridge; 0 where it is looked up, since it is made first.</param>
    public sealed record CreatePair(string HostDevice, string Device, MacAddress MacAddress, int Mtu, string? Bridge, int BridgeIndex) : InterfaceChange
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"veth {HostDevice} - {Device}", null, $"present, {MacAddress}");

        /// <inheritdoc/>
        public override async Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            var pair = new VethSpec(HostDevice, Device)
            {
                PeerNamespace = work.Namespace,
                PeerMac = MacAddress,
                Mtu = Mtu == 0 ? null : Mtu,
                MasterIndex = Bridge is null ? 0 : BridgeIndex == 0 ? work.Root.GetLink(Bridge).Index : BridgeIndex,
            };
            if (Bridge is not null)
            {
                // A port of a bridge takes nothing in itself: without an address it has no part in IPv6. The sysctl below says more, but its writer spins
                // in the kernel while others change links, and a first sync does nothing else.
                work.Root.Execute(batch => batch.CreateVeth(pair).NoIPv6Address(HostDevice).Unless(Errno.EAFNOSUPPORT).SetUp(HostDevice));
                return;
            }

            work.Root.Execute(batch => batch.CreateVeth(pair));
            await work.DisableHostIPv6Async(HostDevice, cancellationToken);
            work.Root.Execute(batch => batch.SetUp(HostDevice));
        }
    }

    /// <summary>The outer end becomes a port of a Linux bridge.</summary>
    public sealed record SetMaster(string HostDevice, string Bridge, string? Before) : Outside
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"bridge of {HostDevice}", Before, Bridge);

        /// <inheritdoc/>
        protected override void Execute(RouteNetlink root) =>
            root.Execute(batch => batch.SetMaster(root.GetLink(HostDevice).Index, root.GetLink(Bridge).Index));
    }

    /// <summary>The MTU of the outer end.</summary>
    public sealed record SetHostMtu(string HostDevice, int Before, int After) : Outside
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"MTU of {HostDevice}", $"{Before}", $"{After}");

        /// <inheritdoc/>
        protected override void Execute(RouteNetlink root) => root.Execute(batch => batch.SetMtu(root.GetLink(HostDevice).Index, After));
    }

    /// <summary>The outer end is down.</summary>
    public sealed record SetHostUp(string HostDevice) : Outside
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"state of {HostDevice}", "down", "up");

        /// <inheritdoc/>
        protected override void Execute(RouteNetlink root) => root.Execute(batch => batch.SetUp(root.GetLink(HostDevice).Index));
    }

    /// <summary>The MAC address inside.</summary>
    public sealed record SetMac(string Device, MacAddress? Before, MacAddress After) : Inside(Device)
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"MAC address of {Device}", Before?.ToString(), After.ToString());

        /// <inheritdoc/>
        protected override void Build(RouteBatch batch, int link) => batch.SetUp(link, isUp: false).SetMac(link, After).SetUp(link);
    }

    /// <summary>The MTU inside.</summary>
    public sealed record SetMtu(string Device, int Before, int After) : Inside(Device)
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"MTU of {Device}", Before == 0 ? null : $"{Before}", $"{After}");

        /// <inheritdoc/>
        protected override void Build(RouteBatch batch, int link) => batch.SetMtu(link, After);
    }

    /// <summary>A link inside is down.</summary>
    public sealed record SetUp(string Device) : Inside(Device)
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"state of {Device}", "down", "up");

        /// <inheritdoc/>
        protected override void Build(RouteBatch batch, int link) => batch.SetUp(link);
    }

    /// <summary>
    /// Neutron fills the checksums of DHCP replies by a rule of iptables (LP#1244589: clients drop what the kernel left to a hardware that a veth
    /// does not have). The switch of the link itself does it for all that is sent, in one system call and without a rule.
    /// </summary>
    public sealed record FillChecksums(string Device) : InterfaceChange
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"checksums of {Device}", "left to hardware", "filled");

        /// <inheritdoc/>
        public override Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            ChecksumOffload.Disable(work.Inside, Device);
            return Task.CompletedTask;
        }
    }

    /// <summary>An address is missing.</summary>
    public sealed record AddAddress(string Device, IPInterfaceAddress Address, bool DetectsDuplicates) : Inside(Device)
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"address {Address} on {Device}", null, "present");

        /// <inheritdoc/>
        public override async Task ExecuteAsync(InterfaceWork work, CancellationToken cancellationToken)
        {
            try
            {
                await base.ExecuteAsync(work, cancellationToken);
            }
            catch (LinuxException exception) when (exception.Errno is Errno.EACCES && IsIPv6)
            {
                // The link was made when the network had no IPv6.
                await work.EnableIPv6Async(Device, DetectsDuplicates, cancellationToken);
                await base.ExecuteAsync(work, cancellationToken);
            }
        }

        /// <inheritdoc/>
        protected override void Build(RouteBatch batch, int link) =>
            batch.AddAddress(new(link, Address.Address, Address.PrefixLength, Flags)).Unless(Errno.EEXIST);

        private bool IsIPv6 => Address.Address.AddressFamily == AddressFamily.InterNetworkV6;

        private LinkAddressFlags Flags => !DetectsDuplicates && IsIPv6 ? LinkAddressFlags.NoDad : LinkAddressFlags.None;
    }

    /// <summary>An address is there that nobody wishes for.</summary>
    public sealed record RemoveAddress(string Device, LinkAddress Address) : Inside(Device)
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"address {Address} on {Device}", "present", null);

        /// <inheritdoc/>
        protected override void Build(RouteBatch batch, int link) => batch.RemoveAddress(Address).Unless(Errno.EADDRNOTAVAIL);
    }

    /// <summary>A default route; where its gateway is off the subnets, first the way to it, on the link.</summary>
    public sealed record SetDefaultRoute(string Device, IPAddress Gateway, bool IsOnLink) : Inside(Device)
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => new($"default route of {Device}", null, $"via {Gateway}");

        /// <inheritdoc/>
        protected override void Build(RouteBatch batch, int link)
        {
            if (IsOnLink)
            {
                _ = batch.ReplaceRoute(new(new(Gateway, Gateway.GetAddressBytes().Length * 8), null, link));
            }

            _ = batch.ReplaceRoute(Route.Default(Gateway, link));
        }
    }

    /// <summary>A route through a gateway, or to one, that is none any more.</summary>
    public sealed record RemoveRoute(string Device, Route Route) : Inside(Device)
    {
        /// <inheritdoc/>
        public override PreviewedChange Preview => Route.IsDefault
            ? new($"default route of {Device}", $"via {Route.Gateway}", null)
            : new($"route to {Route.Destination} on {Device}", "present", null);

        /// <inheritdoc/>
        protected override void Build(RouteBatch batch, int link) => batch.RemoveRoute(Route).Unless(Errno.ESRCH);
    }
}
