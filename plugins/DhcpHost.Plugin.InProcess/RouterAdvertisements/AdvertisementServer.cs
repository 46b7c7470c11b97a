using System.Net;
using DhcpHost.Dhcp.RouterAdvertisements;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.RouterAdvertisements;

/// <summary>Advertises on one network: at first, when something changed, when somebody asks, and now and then (RFC 4861 sections 6.2.4 and 6.2.6).</summary>
internal sealed class AdvertisementServer : IProtocolServer
{
    private const byte OnLinkHopLimit = 255;
    private const int InitialCount = 3;
    private const uint WithdrawnLifetime = 7200;

    private static readonly byte[] AllNodes = IPAddress.Parse("ff02::1").GetAddressBytes();
    private static readonly TimeSpan InitialInterval = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(200);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(600);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MinDelayBetween = TimeSpan.FromSeconds(3);

    private readonly NetworkServer _network;
    private readonly DatagramSocket _socket;
    private readonly TimeProvider _timeProvider;
    private readonly byte[] _mac = new byte[6];
    private RouterAdvertisement _advertisement;
    private IDisposable _timer;
    private long? _lastSent;
    private long _dueAt;
    private int _initialLeft;

    public AdvertisementServer(NetworkServer network, DatagramSocket socket, AdvertisementModel model, TimeProvider timeProvider)
    {
        _network = network;
        _socket = socket;
        _timeProvider = timeProvider;
        _network.Link.MacAddress.CopyTo(_mac);
        _advertisement = WithSender(model);
        _initialLeft = InitialCount;
        _timer = Schedule(TimeSpan.Zero);
    }

    public void Swap(object model, DatagramReplies replies)
    {
        var next = WithSender((AdvertisementModel)model);
        var withdrawn = _advertisement.Prefixes.Where(old => next.Prefixes.All(prefix => prefix.Prefix != old.Prefix))
            .Select(old => old with { ValidLifetime = WithdrawnLifetime, PreferredLifetime = 0 }).ToList();
        _advertisement = next;
        if (withdrawn.Count > 0)
        {
            // Clients stop using what is no more (RFC 4862 section 5.5.3 keeps it valid for two hours at least).
            Send(next with { Prefixes = [.. next.Prefixes, .. withdrawn] }, replies);
        }

        _initialLeft = InitialCount;
        Reschedule(TimeSpan.Zero);
    }

    public void Receive(DatagramSocket socket, in Datagram datagram, DatagramReplies replies)
    {
        if (datagram.HopLimit != OnLinkHopLimit || !RouterAdvertisementCodec.IsSolicitation(datagram.Payload, V6Address.IsUnspecified(datagram.Source)))
        {
            return;
        }

        // All answers go to all, so that many who ask at once get one; and not more often than the link bears.
        var delay = Random.Shared.NextDouble() * MaxDelay;
        var sinceLast = _lastSent is { } last ? _timeProvider.GetElapsedTime(last) : TimeSpan.MaxValue;
        if (sinceLast < MinDelayBetween)
        {
            delay += MinDelayBetween - sinceLast;
        }

        if (_timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), _dueAt) > delay)
        {
            Reschedule(delay);
        }
    }

    public void Dispose() => _timer.Dispose();

    private RouterAdvertisement WithSender(AdvertisementModel model) => model.Advertisement with { SourceLinkLayerAddress = _mac };

    private void Reschedule(TimeSpan delay)
    {
        _timer.Dispose();
        _timer = Schedule(delay);
    }

    private IDisposable Schedule(TimeSpan delay)
    {
        _dueAt = _timeProvider.GetTimestamp() + (long)(delay.TotalSeconds * _timeProvider.TimestampFrequency);
        return _network.Loop.Schedule(delay, OnDue);
    }

    private void OnDue(DatagramReplies replies)
    {
        Send(_advertisement, replies);
        var next = MinInterval + (Random.Shared.NextDouble() * (MaxInterval - MinInterval));
        if (_initialLeft > 0)
        {
            _initialLeft--;
            next = InitialInterval;
        }

        _timer = Schedule(next);
    }

    private void Send(RouterAdvertisement advertisement, DatagramReplies replies)
    {
        var length = RouterAdvertisementCodec.Write(advertisement, replies.Begin());
        if (length > 0)
        {
            replies.SendUdp(_socket, length, AllNodes, 0, default, after: 0);
            _lastSent = _timeProvider.GetTimestamp();
        }
    }
}
