using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Plugin.Bridge;

/// <summary>One thing that differs from the wish.</summary>
internal abstract record InterfaceChange
{
    public abstract PreviewedChange Preview { get; }

    public sealed record CreateNamespace(string Name) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"namespace {Name}", null, "present");
    }

    public sealed record CreateBridge(string Name) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"bridge {Name}", null, "present, up");
    }

    /// <summary>An end without its other end, or with the wrong one: both go, and are made anew.</summary>
    public sealed record DeleteLink(string Name, bool IsInside) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"link {Name}", "present, not a pair", null);
    }

    public sealed record CreatePair(string HostDevice, string Device, MacAddress MacAddress) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"veth {HostDevice} - {Device}", null, $"present, {MacAddress}");
    }

    public sealed record SetMaster(string HostDevice, string Bridge) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"bridge of {HostDevice}", "another", Bridge);
    }

    public sealed record SetMac(string Device, MacAddress? Before, MacAddress After) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"MAC address of {Device}", Before?.ToString(), After.ToString());
    }

    public sealed record SetMtu(string Device, bool IsInside, int Before, int After) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"MTU of {Device}", $"{Before}", $"{After}");
    }

    public sealed record SetUp(string Device, bool IsInside) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"state of {Device}", "down", "up");
    }

    public sealed record AddAddress(string Device, IPInterfaceAddress Address) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"address {Address} on {Device}", null, "present");
    }

    public sealed record RemoveAddress(string Device, LinkAddress Address) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"address {Address} on {Device}", "present", null);
    }

    public sealed record SetDefaultRoute(string Device, IPAddress Gateway, bool IsOnLink) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"default route of {Device}", null, $"via {Gateway}");
    }

    public sealed record RemoveDefaultRoute(string Device, Route Route) : InterfaceChange
    {
        public override PreviewedChange Preview => new($"default route of {Device}", $"via {Route.Gateway}", null);
    }
}
