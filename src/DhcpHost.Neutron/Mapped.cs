using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron;

/// <summary>What a mapping gives: the value, and the parts of the JSON that are not in it.</summary>
/// <typeparam name="T">The model's type.</typeparam>
/// <param name="Value">All that could be read.</param>
/// <param name="Refusals">Parts that were left out, each by its path: <c>ports[3].mac_address</c>.</param>
public sealed record Mapped<T>(T Value, EquatableArray<Refusal> Refusals);
