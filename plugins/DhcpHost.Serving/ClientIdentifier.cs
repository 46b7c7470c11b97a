using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>A port's DHCPv4 client identifier: its own field, or the extra option of Neutron that stands for it.</summary>
public static class ClientIdentifier
{
    /// <summary>Whether an extra option is no option, but says who the client is.</summary>
    public static bool IsOption(ExtraDhcpOption option) => option.Name is "client-id" or "61";

    /// <summary>The identifier; <c>null</c> for none.</summary>
    public static string? Of(Port port)
    {
        var text = string.IsNullOrEmpty(port.ClientId) ? port.ExtraDhcpOptions.FirstOrDefault(IsOption)?.Value : port.ClientId;
        return string.IsNullOrEmpty(text) ? null : text;
    }
}
