using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.InProcess.Leases;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Fuzz;

/// <summary>
/// Hands mutated messages to codec and servers of both families, with a real store of leases behind them, and ends at the first that breaks a rule:
/// an exception, an answer to what must get none, an address that is not to be given, memory that grows.
/// </summary>
internal sealed class FuzzRun : IDisposable
{
    private const int CommitInterval = 1000;
    private const int MaxLeases = 4096;
    private const long MaxHeap = 256L << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-fuzz-").FullName;
    private readonly LeaseStore _store;
    private readonly Mutator _v4Messages;
    private readonly Mutator _v6Messages;
    private readonly V4Target _v4;
    private readonly V6Target _v6;
    private readonly Random _random;
    private readonly int _seed;

    /// <summary>Prepares.</summary>
    /// <param name="corpus">A directory of messages that real clients sent: <c>*-v4-*.bin</c>, <c>*-v6-*.bin</c>.</param>
    /// <param name="seed">The same seed makes the same messages.</param>
    public FuzzRun(string corpus, int seed)
    {
        _seed = seed;
        _random = new(seed);
        _v4Messages = new(Read(corpus, "*-v4-*.bin"), _random);
        _v6Messages = new(Read(corpus, "*-v6-*.bin"), _random);
        _store = new(Path.Combine(_directory, "leases"), TimeProvider.System, NullLogger.Instance);
        var plan = NewPlan();
        var leases = _store.Of(plan.Server);
        _v4 = new(plan, leases.IPv4, () => _store.Now);
        _v6 = new(plan, leases.IPv6, () => _store.Now);
    }

    /// <summary>The leases that were given and not ended.</summary>
    public int Leases => _store.Servers.Sum(server => server.Count);

    /// <summary>Runs.</summary>
    /// <returns>How many messages were answered, and the bytes of the heap at the end.</returns>
    /// <exception cref="InvalidOperationException">A rule was broken; the message names the seed, the number and the octets.</exception>
    public (long Replies, long Heap) Run(int count)
    {
        var replies = 0L;
        for (var i = 0; i < count; i++)
        {
            var isIPv6 = _random.Next(3) == 0;
            var message = isIPv6 ? _v6Messages.Next() : _v4Messages.Next();
            try
            {
                replies += (isIPv6 ? _v6.Try(message) : _v4.Try(message)) ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {_seed}, message {i}: {e.Message}: {Convert.ToHexString(message)}", e);
            }

            if (i % CommitInterval == 0 && !_store.Commit(isDurable: false))
            {
                throw new InvalidOperationException($"Leases could not be written: {_store.Failure}");
            }
        }

        var heap = GC.GetTotalMemory(forceFullCollection: true);
        if (Leases > MaxLeases || heap > MaxHeap)
        {
            throw new InvalidOperationException($"Seed {_seed}: {Leases} leases, {heap} bytes of heap.");
        }

        return (replies, heap);
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static List<byte[]> Read(string corpus, string pattern) =>
        [.. Directory.EnumerateFiles(corpus, pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static DhcpPlan NewPlan() => new()
    {
        Server = new(new("fuzz")),
        Interface = new()
        {
            Namespace = "fuzz",
            Device = "tap0",
            MacAddress = MacAddress.Parse("fa:16:3e:ff:ff:ff"),
            Addresses = [IPInterfaceAddress.Parse("10.77.0.2/24", null), IPInterfaceAddress.Parse("fd77::2/64", null)],
        },
        Options = new() { DnsDomain = "example.org", DhcpOptions = [new("tag:ipxe,bootfile-name", "x"), new("234", "abc")] },
        Network = new()
        {
            Id = new("fuzz"),
            Mtu = 1450,
            Boot = new() { FileName = "a", Rules = [new() { ClientArchitecture = 7, VendorClass = "PXEClient", FileName = "b" }] },
            Subnets =
            [
                new()
                {
                    Id = new("s4"),
                    Cidr = IPNetwork.Parse("10.77.0.0/24"),
                    GatewayIp = IPAddress.Parse("10.77.0.1"),
                    DynamicPools = [new(IPAddress.Parse("10.77.0.100"), IPAddress.Parse("10.77.0.200"))],
                },
                new()
                {
                    Id = new("s6"),
                    Cidr = IPNetwork.Parse("fd77::/64"),
                    DynamicPools = [new(IPAddress.Parse("fd77::100"), IPAddress.Parse("fd77::1ff"))],
                    IPv6AddressMode = IPv6Mode.Dhcpv6Stateful,
                    IPv6RaMode = IPv6Mode.Dhcpv6Stateful,
                },
            ],
            Ports = [new() { Id = new("p1"), MacAddress = MacAddress.Parse("fa:16:3e:00:00:01"), FixedIps = [new(new("s4"), IPAddress.Parse("10.77.0.10"))] }],
        },
    };
}
