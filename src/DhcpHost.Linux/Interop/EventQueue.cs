using System.Threading.Channels;

namespace DhcpHost.Linux.Interop;

/// <summary>
/// A bounded queue of events from one thread. When it is full, events are dropped and one that says so takes the last place, so that the
/// reader learns of the loss even if nothing happens afterwards.
/// </summary>
internal sealed class EventQueue<T>(int capacity, T lost)
{
    private readonly Channel<T> _channel = Channel.CreateBounded<T>(
        new BoundedChannelOptions(capacity + 1) { SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });

    private bool _hasReportedLoss;

    internal ChannelReader<T> Reader => _channel.Reader;

    internal void Add(T item)
    {
        if (_channel.Reader.Count >= capacity)
        {
            ReportLoss();
            return;
        }
        _hasReportedLoss = false;
        _ = _channel.Writer.TryWrite(item);
    }

    /// <summary>Says that events were lost before they reached this queue.</summary>
    internal void ReportLoss()
    {
        if (!_hasReportedLoss)
        {
            _hasReportedLoss = _channel.Writer.TryWrite(lost);
        }
    }

    internal void Complete() => _ = _channel.Writer.TryComplete();
}
