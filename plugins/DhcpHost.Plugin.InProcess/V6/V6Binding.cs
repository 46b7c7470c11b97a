using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>An address that is bound to a client's association (RFC 8415 section 4.2).</summary>
/// <param name="Address">The address.</param>
/// <param name="Duid">The client.</param>
/// <param name="Iaid">Its association.</param>
/// <param name="Mac">Its MAC address, where it is known.</param>
/// <param name="Hostname">Its name, where it is known.</param>
/// <param name="ExpiresAt">When it ends; <c>null</c> for never.</param>
internal sealed record V6Binding(UInt128 Address, ReadOnlyMemory<byte> Duid, uint Iaid, MacAddress? Mac, string? Hostname, DateTimeOffset? ExpiresAt)
{
    public bool IsOf(ReadOnlySpan<byte> duid) => Duid.Span.SequenceEqual(duid);

    public bool IsLive(DateTimeOffset now) => ExpiresAt is not { } end || end > now;
}
