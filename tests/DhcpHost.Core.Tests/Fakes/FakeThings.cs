using System.Collections.Concurrent;
using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>What interface or metadata drivers made on a machine that does not exist. It outlives the host.</summary>
internal sealed class FakeThings<TPlan>
{
    private int _lastId;

    public ConcurrentDictionary<ServerKey, (int Id, TPlan Plan)> Made { get; } = new();

    public int NextId() => Interlocked.Increment(ref _lastId);
}
