using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>The tags that tie option lines to subnets and ports.</summary>
internal static class PortTag
{
    /// <summary>What a host line carries so that the port's options apply to it.</summary>
    public static string Set(Port port) => $"set:port-{port.Id}";

    /// <summary>What an option line carries that is for one port.</summary>
    public static string Match(Port port) => $"tag:port-{port.Id}";

    /// <summary>What an option line carries that is for one subnet.</summary>
    public static string Match(Subnet subnet) => $"tag:subnet-{subnet.Id}";

    /// <summary>What a range carries so that the subnet's options apply to it.</summary>
    public static string Set(Subnet subnet) => $"set:subnet-{subnet.Id}";

    /// <summary>Whether a port has options beside a client identifier, which is written into its host line.</summary>
    public static bool IsNeeded(Port port)
    {
        var asked = port.ExtraDhcpOptions.Count;
        return asked > 1 || (asked == 1 && !ClientIdentifier.IsOption(port.ExtraDhcpOptions[0]));
    }
}
