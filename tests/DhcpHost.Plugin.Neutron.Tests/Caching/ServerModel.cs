using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Neutron.Caching;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.Neutron.Tests.Caching;

/// <summary>
/// A server that has two networks, whose messages are delivered in any order and more than once, and whose answers are read from a database that
/// lags; and a cache that follows it.
/// </summary>
internal sealed class ServerModel
{
    private static readonly SubnetId Subnet = new("subnet");

    private readonly FakeTimeProvider _time;
    private readonly NetworkCache _cache;
    private readonly Dictionary<PortId, (NetworkId Network, Port Port)> _ports = [];
    private readonly List<(DateTimeOffset At, Dictionary<PortId, (NetworkId Network, Port Port)> Ports)> _history = [];
    private readonly List<(NetworkId Network, PortId Id, Port? Port, bool IsNew)> _messages = [];
    private readonly List<Question> _questions = [];
    private readonly Dictionary<NetworkId, int> _unsure = Ids.ToDictionary(id => id, _ => 0);
    private readonly Dictionary<NetworkId, Network> _seen = [];
    private int _made;
    private int _asked;

    public ServerModel(FakeTimeProvider time)
    {
        _time = time;
        _cache = new(network => network, time);
        Remember();
    }

    private static NetworkId[] Ids { get; } = [new("net-0"), new("net-1")];

    public void Create(int network)
    {
        var port = new Port
        {
            Id = new($"port-{++_made:d3}"),
            MacAddress = MacAddress.Parse($"fa:16:3e:00:{_made >> 8:x2}:{_made & 255:x2}"),
            FixedIps = [FreeAddress(Ids[network])],
            RevisionNumber = 1,
        };
        Commit(Ids[network], port, isNew: true);
    }

    public void Update(int which, bool hasNewAddress)
    {
        if (_ports.Count > 0)
        {
            var (network, port) = _ports.OrderBy(item => item.Key).ElementAt(which % _ports.Count).Value;
            var ips = hasNewAddress ? [FreeAddress(network)] : port.FixedIps;
            Commit(network, port with { RevisionNumber = port.RevisionNumber + 1, Name = $"name-{port.RevisionNumber}", FixedIps = ips }, isNew: false);
        }
    }

    public void Delete(int which)
    {
        if (_ports.Count > 0)
        {
            var (id, (network, _)) = _ports.OrderBy(item => item.Key).ElementAt(which % _ports.Count);
            _ports.Remove(id);
            Remember();
            _messages.Add((network, id, null, false));
        }
    }

    public void Deliver(int which, bool isDuplicated)
    {
        if (_messages.Count == 0)
        {
            return;
        }

        var message = _messages[which % _messages.Count];
        if (!isDuplicated)
        {
            _messages.RemoveAt(which % _messages.Count);
        }

        if (message.Port is not { } port)
        {
            _cache.Remove(message.Id);
        }
        else if (_cache.Put(message.Network, port, message.IsNew).Outcome is PortOutcome.Duplicate or PortOutcome.UnknownNetwork)
        {
            _unsure[message.Network] = _asked;
        }
    }

    public void Ask(int? network)
    {
        if (_questions.Count < 4)
        {
            _questions.Add(new(_cache.Begin(), network is { } one ? Ids[one] : null, ++_asked));
        }
    }

    public void Read(int which, TimeSpan lag)
    {
        if (_questions.Count > 0)
        {
            var question = _questions[which % _questions.Count];
            question.Ports ??= _history.Last(state => state == _history[0] || state.At <= _time.GetUtcNow() - lag).Ports;
        }
    }

    public void Answer(int which)
    {
        if (_questions.Count > 0 && _questions[which % _questions.Count] is { Ports: { } ports } question)
        {
            _questions.Remove(question);
            if (question.Network is { } one)
            {
                _cache.Put(question.Fetch, one, NetworkOf(one, ports));
            }
            else
            {
                _cache.Put(question.Fetch, Ids.Select(id => NetworkOf(id, ports)), new HashSet<NetworkId>());
            }

            question.Fetch.Dispose();
            foreach (var id in Ids.Where(id => (question.Network ?? id) == id && question.Number > _unsure.GetValueOrDefault(id)))
            {
                _unsure.Remove(id);
            }
        }
    }

    public void Advance(TimeSpan time) => _time.Advance(time);

    /// <summary>All is delivered and answered, and networks of which the cache said that it missed something are asked for.</summary>
    public void Settle()
    {
        while (_messages.Count > 0)
        {
            Deliver(0, isDuplicated: false);
        }

        while (_questions.Count > 0)
        {
            Read(0, TimeSpan.Zero);
            Answer(0);
        }

        foreach (var id in _unsure.Keys)
        {
            using var fetch = _cache.Begin();
            _cache.Put(fetch, id, NetworkOf(id, _ports));
        }
    }

    /// <summary>Whether the cache has, of every network, the ports that the server has.</summary>
    public bool IsTrue() =>
        Ids.All(id => _cache.Find(id)!.Ports == NetworkOf(id, _ports).Ports) && _cache.Count().Ports == _ports.Count;

    /// <summary>Whether a snapshot that differs from an earlier one of its network says so by its revision, and ports are found where they are.</summary>
    public bool IsConsistent()
    {
        foreach (var id in Ids)
        {
            if (_cache.Find(id) is not { } network)
            {
                continue;
            }

            var before = _seen.GetValueOrDefault(id);
            if (before is not null && !ReferenceEquals(before, network) && before.RevisionNumber >= network.RevisionNumber)
            {
                return false;
            }

            if (network.Ports.Any(port => !ReferenceEquals(_cache.Find(port.Id), port)))
            {
                return false;
            }

            _seen[id] = network;
        }

        return true;
    }

    private void Commit(NetworkId network, Port port, bool isNew)
    {
        _ports[port.Id] = (network, port);
        Remember();
        _messages.Add((network, port.Id, port, isNew));
    }

    private void Remember() => _history.Add((_time.GetUtcNow(), new(_ports)));

    private FixedIp FreeAddress(NetworkId network)
    {
        var taken = _ports.Values.Where(item => item.Network == network).SelectMany(item => item.Port.FixedIps).Select(ip => ip.Address).ToHashSet();
        return new(Subnet, Enumerable.Range(1, 250).Select(number => new IPAddress([10, 0, 0, (byte)number])).First(address => !taken.Contains(address)));
    }

    private static Network NetworkOf(NetworkId id, Dictionary<PortId, (NetworkId Network, Port Port)> ports) =>
        new() { Id = id, Ports = ports.Values.Where(item => item.Network == id).Select(item => item.Port).OrderBy(port => port.Id).ToEquatableArray() };

    private sealed record Question(Fetch Fetch, NetworkId? Network, int Number)
    {
        public Dictionary<PortId, (NetworkId Network, Port Port)>? Ports { get; set; }
    }
}
