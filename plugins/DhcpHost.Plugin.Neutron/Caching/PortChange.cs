using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Caching;

/// <summary>What news of a port did to the cache.</summary>
/// <param name="Outcome">What it was.</param>
/// <param name="Network">Its network as it is now, where it is known.</param>
/// <param name="Left">The network that it was on before, where that is another one.</param>
internal readonly record struct PortChange(PortOutcome Outcome, Network? Network = null, Network? Left = null);
