namespace DhcpHost.Abstractions.Options;

/// <summary>On a <see cref="TimeSpan"/> option: <c>"infinite"</c> may be written, and is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class AllowInfiniteAttribute : Attribute;
