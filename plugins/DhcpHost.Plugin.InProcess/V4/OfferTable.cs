namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>Addresses that were offered a moment ago: nobody else is offered them meanwhile. In memory alone, and bounded.</summary>
internal sealed class OfferTable
{
    private const int Capacity = 4096;
    private const long Patience = 10_000;

    private readonly Dictionary<uint, (byte[] Client, long Until)> _offers = [];
    private readonly Queue<(uint Address, long Until)> _order = new();

    /// <summary>Whether somebody else was offered an address.</summary>
    public bool IsTaken(uint address, ReadOnlySpan<byte> client, long now) =>
        _offers.TryGetValue(address, out var offer) && offer.Until > now && !client.SequenceEqual(offer.Client);

    /// <summary>Whether the client itself was offered it.</summary>
    public bool IsOffered(uint address, ReadOnlySpan<byte> client, long now) =>
        _offers.TryGetValue(address, out var offer) && offer.Until > now && client.SequenceEqual(offer.Client);

    /// <summary>Notes an offer.</summary>
    public void Add(uint address, ReadOnlySpan<byte> client, long now)
    {
        while (_order.TryPeek(out var oldest) && (oldest.Until <= now || _order.Count >= Capacity))
        {
            _ = _order.Dequeue();
            if (_offers.TryGetValue(oldest.Address, out var offer) && offer.Until == oldest.Until)
            {
                _ = _offers.Remove(oldest.Address);
            }
        }

        var key = _offers.TryGetValue(address, out var known) && client.SequenceEqual(known.Client) ? known.Client : client.ToArray();
        _offers[address] = (key, now + Patience);
        _order.Enqueue((address, now + Patience));
    }

    /// <summary>The offer was taken or refused.</summary>
    public void Remove(uint address) => _ = _offers.Remove(address);
}
