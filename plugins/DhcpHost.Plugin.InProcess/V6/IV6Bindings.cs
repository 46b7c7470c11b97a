using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>
/// The DHCPv6 bindings of one network. What is put or removed is durable before the reply that follows it is sent; that is the caller's part.
/// </summary>
internal interface IV6Bindings
{
    /// <summary>Bindings, also those that ended and were not cleared away yet.</summary>
    int Count { get; }

    /// <summary>The binding of an address, also one that ended.</summary>
    V6Binding? Find(UInt128 address);

    /// <summary>Adds the bindings of one association of a client, also those that ended.</summary>
    void Find(ReadOnlySpan<byte> duid, uint iaid, List<V6Binding> found);

    /// <summary>Binds an address, whoever had it before.</summary>
    void Put(V6Binding binding);

    /// <summary>
    /// An address was offered: what <see cref="Put"/> is about to say may be written down already. It binds nothing, and nobody waits for it.
    /// </summary>
    void Prepare(V6Binding binding);

    /// <summary>Ends a binding.</summary>
    void Remove(UInt128 address);

    /// <summary>Gives an address to nobody for a while, since somebody else uses it.</summary>
    void Quarantine(UInt128 address, MacAddress? by, DateTimeOffset until);

    /// <summary>Whether an address is in quarantine.</summary>
    bool IsQuarantined(UInt128 address, DateTimeOffset now);
}
