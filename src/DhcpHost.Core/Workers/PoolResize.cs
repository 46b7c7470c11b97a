using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Core.Workers;

/// <summary>The details of <c>pool.resized</c>.</summary>
/// <param name="Answer">What the policy answered.</param>
/// <param name="Origin">Where the answer is from.</param>
/// <param name="Before">Workers before.</param>
/// <param name="Size">Workers from now on.</param>
/// <param name="Limit">The key of <c>[limits]</c> that clamped the answer; <c>null</c> for none.</param>
/// <param name="Input">What the policy was asked with.</param>
internal sealed record PoolResize(int Answer, string Origin, int Before, int Size, string? Limit, PoolSizeContext Input);
