using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Engine;

/// <summary>What one driver would do.</summary>
/// <param name="DriverId">The driver.</param>
/// <param name="Server">What for.</param>
/// <param name="Preview">What it would do; <c>null</c> where what it runs would be removed.</param>
public sealed record DriverPreview(DriverId DriverId, ServerKey Server, ApplyPreview? Preview);
