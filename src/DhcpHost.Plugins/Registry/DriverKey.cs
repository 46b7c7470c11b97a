using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Plugins.Registry;

/// <summary>What a driver is asked for by.</summary>
internal readonly record struct DriverKey(DriverKind Kind, DriverId Id) : IComparable<DriverKey>
{
    public int CompareTo(DriverKey other) => Kind == other.Kind ? Id.CompareTo(other.Id) : Kind.CompareTo(other.Kind);

    public override string ToString() => $"{Word(Kind)} driver '{Id}'";

    public static string Word(DriverKind kind) => kind switch
    {
        DriverKind.Interface => "interface",
        DriverKind.Dhcp => "dhcp",
        _ => "metadata",
    };
}
