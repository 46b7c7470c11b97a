using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>What a network's servers read.</summary>
/// <param name="Dhcp4">For kea-dhcp4; <c>null</c> where there is nothing for it to do.</param>
/// <param name="Dhcp6">For kea-dhcp6; <c>null</c> where there is nothing for it to do.</param>
/// <param name="Refusals">What was left out.</param>
internal sealed record KeaConfiguration(string? Dhcp4, string? Dhcp6, EquatableArray<Refusal> Refusals)
{
    public string? Of(KeaFamily family) => family == KeaFamily.V4 ? Dhcp4 : Dhcp6;
}
