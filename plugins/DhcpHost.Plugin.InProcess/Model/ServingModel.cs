using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Model;

/// <summary>What a network's server serves: immutable, made of a plan, swapped whole. Each protocol has its part.</summary>
/// <param name="Plan">What it was made of.</param>
/// <param name="Parts">By the order of <see cref="Protocols.All"/>; <c>null</c> for a protocol that has nothing to serve here.</param>
/// <param name="Refusals">What was left out.</param>
internal sealed record ServingModel(DhcpPlan Plan, IReadOnlyList<object?> Parts, EquatableArray<Refusal> Refusals);
