using System.Collections.Concurrent;
using System.Net;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>What the clients of a load were told, and everything of it that must not be.</summary>
internal sealed class LoadWitness
{
    private readonly ConcurrentDictionary<IPAddress, LoadClient> _owners = new();
    private readonly ConcurrentQueue<string> _faults = new();
    private int _round;
    private int _answered;
    private int _lost;

    /// <summary>The part of the test that runs.</summary>
    public int Round => Volatile.Read(ref _round);

    /// <summary>How often a client was given or confirmed its address.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>How often one asked in vain.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>The identifiers of the servers that DHCPv6 clients heard of.</summary>
    public ConcurrentDictionary<string, bool> ServerDuids { get; } = new();

    public void NextRound() => Interlocked.Increment(ref _round);

    public void Count(bool isAnswered) => _ = isAnswered ? Interlocked.Increment(ref _answered) : Interlocked.Increment(ref _lost);

    public void Fault(LoadClient client, string what) => _faults.Enqueue($"round {Round}: {client.Name}: {what}");

    /// <summary>A client was given an address: nobody else ever is.</summary>
    public void Claim(LoadClient client, IPAddress address)
    {
        if (_owners.GetOrAdd(address, client) is var owner && owner != client)
        {
            Fault(client, $"was given {address}, which is {owner.Name}'s");
        }
    }

    /// <summary>Who has an address.</summary>
    public LoadClient? FindOwner(IPAddress address) => _owners.GetValueOrDefault(address);
}
