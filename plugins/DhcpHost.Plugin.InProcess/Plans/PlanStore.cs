using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Interop;
using DhcpHost.Plugin.InProcess.Leases;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.InProcess.Plans;

/// <summary>
/// What each network's server served last, in one journal, so that servers go on after a restart of the host before any source is heard. A port
/// that changes costs one short record. Nothing waits for the disk: what a crash of the machine takes, the source tells again. Belongs to the
/// loop's thread.
/// </summary>
internal sealed class PlanStore : IJournalState, IDisposable
{
    private const byte PlanRecord = 1;
    private const byte PortRecord = 2;
    private const byte RemovePortRecord = 3;
    private const byte RemoveRecord = 4;
    private const int HeaderSize = 1 + sizeof(ushort);

    private readonly Journal _journal;
    private readonly string _path;
    private readonly ILogger _logger;
    private readonly Dictionary<ServerKey, DhcpPlan> _plans = [];
    private Dictionary<ServerKey, SortedDictionary<string, Port>>? _replayed = [];

    /// <summary>Reads the journal.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public PlanStore(string path, ILogger logger, bool isReadOnly = false)
    {
        _logger = logger;
        _path = path;
        _journal = new(path, this);
        Open(isReadOnly);
    }

    /// <summary>Reads the journal, in place of what was read before.</summary>
    /// <param name="isReadOnly">Another writes it: nothing is written here.</param>
    public void Open(bool isReadOnly)
    {
        _plans.Clear();
        _replayed = [];
        if (_journal.Open(isReadOnly) is var lost and > 0)
        {
            Log.Damaged(_logger, _path, lost);
        }

        TakeReplayed();
    }

    public IReadOnlyCollection<ServerKey> Servers => _plans.Keys;

    public DhcpPlan? Find(ServerKey key) => _plans.GetValueOrDefault(key);

    /// <summary>Keeps a plan (<see cref="ServedPlan"/>).</summary>
    public void Put(DhcpPlan plan)
    {
        var before = _plans.GetValueOrDefault(plan.Server);
        _plans[plan.Server] = plan;
        if (before is null || WithoutPorts(before) != WithoutPorts(plan))
        {
            _journal.Add(Format(PlanRecord, plan.Server, plan));
        }
        else
        {
            AddPorts(plan.Server, before.Network.Ports.Span, plan.Network.Ports.Span);
        }

        Write();
    }

    public void Remove(ServerKey key)
    {
        if (_plans.Remove(key))
        {
            _journal.Add(Format<object?>(RemoveRecord, key, null));
            Write();
        }
    }

    /// <inheritdoc/>
    public bool Replay(ReadOnlySpan<byte> record)
    {
        if (record.Length < HeaderSize || BinaryPrimitives.ReadUInt16LittleEndian(record[1..]) is var length && record.Length < HeaderSize + length)
        {
            return false;
        }

        if (Encoding.UTF8.GetString(record.Slice(HeaderSize, length)).Split('\n') is not [var network, var segment]
            || !NetworkId.TryParse(network, null, out var networkId))
        {
            return false;
        }

        var key = new ServerKey(networkId, SegmentId.TryParse(segment, null, out var segmentId) ? segmentId : null);
        try
        {
            return Replay(record[0], key, record[(HeaderSize + length)..]);
        }
        catch (JsonException)
        {
            // Of a version whose model was another: the source tells it again.
            return true;
        }
    }

    /// <inheritdoc/>
    public void WriteAll(JournalBuffer buffer)
    {
        TakeReplayed();
        foreach (var plan in _plans.Values)
        {
            buffer.Add(Format(PlanRecord, plan.Server, plan));
        }
    }

    public void Dispose()
    {
        Write();
        _journal.Dispose();
    }

    private static DhcpPlan WithoutPorts(DhcpPlan plan) => plan with { Network = plan.Network with { Ports = [] } };

    private static byte[] Format<T>(byte type, ServerKey key, T value)
    {
        var text = Encoding.UTF8.GetBytes($"{key.NetworkId}\n{key.SegmentId}");
        var json = value is null ? [] : JsonSerializer.SerializeToUtf8Bytes(value, ModelJson.Options);
        var record = new byte[HeaderSize + text.Length + json.Length];
        record[0] = type;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(1), (ushort)text.Length);
        text.CopyTo(record, HeaderSize);
        json.CopyTo(record, HeaderSize + text.Length);
        return record;
    }

    /// <summary>Both are in the order of their ids.</summary>
    private void AddPorts(ServerKey key, ReadOnlySpan<Port> before, ReadOnlySpan<Port> after)
    {
        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            var order = i == before.Length ? 1 : j == after.Length ? -1 : string.CompareOrdinal(before[i].Id.Value, after[j].Id.Value);
            if (order < 0)
            {
                _journal.Add(Format(RemovePortRecord, key, before[i].Id.Value));
            }
            else if (order > 0 || before[i] != after[j])
            {
                _journal.Add(Format(PortRecord, key, after[j]));
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
    }

    private bool Replay(byte type, ServerKey key, ReadOnlySpan<byte> json)
    {
        switch (type)
        {
            case PlanRecord when JsonSerializer.Deserialize<DhcpPlan>(json, ModelJson.Options) is { } plan:
                _plans[key] = plan;
                _replayed![key] = new(StringComparer.Ordinal);
                foreach (var port in plan.Network.Ports)
                {
                    _replayed[key][port.Id.Value] = port;
                }

                return true;
            case PortRecord when JsonSerializer.Deserialize<Port>(json, ModelJson.Options) is { } port:
                if (_replayed!.TryGetValue(key, out var ports))
                {
                    ports[port.Id.Value] = port;
                }

                return true;
            case RemovePortRecord when JsonSerializer.Deserialize<string>(json, ModelJson.Options) is { } id:
                _ = _replayed!.GetValueOrDefault(key)?.Remove(id);
                return true;
            case RemoveRecord:
                _ = _plans.Remove(key);
                _ = _replayed!.Remove(key);
                return true;
            default:
                // Of a later version: left alone.
                return type > RemoveRecord;
        }
    }

    private void TakeReplayed()
    {
        foreach (var (key, ports) in _replayed ?? [])
        {
            var plan = _plans[key];
            _plans[key] = plan with { Network = plan.Network with { Ports = ports.Values.ToEquatableArray() } };
        }

        _replayed = null;
    }

    private void Write()
    {
        try
        {
            _journal.Write(isDurable: false);
        }
        catch (LinuxException e)
        {
            // Served all the same; the next change tries again.
            Log.PlanNotKept(_logger, e.Message);
        }
    }
}
