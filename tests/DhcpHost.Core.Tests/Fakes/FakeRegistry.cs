using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>The drivers and sources of a test, all healthy but those that a test says are not.</summary>
internal sealed class FakeRegistry : IDriverRegistry
{
    private static readonly PluginId Plugin = new("fakes");

    public List<INetworkDriver> Loaded { get; } = [];

    public ConcurrentDictionary<DriverId, string> Ill { get; } = new();

    public List<INetworkSource> LoadedSources { get; } = [];

    public IReadOnlyList<RegisteredDriver> Drivers =>
        [.. Loaded.Select(
            driver => new RegisteredDriver(
                Plugin, KindOf(driver), driver.Info, driver.Capabilities, Ill.TryGetValue(driver.Info.Id, out var ill) ? new(false, ill) : new(true, "fine")))];

    public IReadOnlyList<INetworkSource> Sources => LoadedSources;

    public Func<INetworkDriver, CancellationToken, Task>? Takeover { get; private set; }

    public ValueTask<DriverLease<TDriver>> RentAsync<TDriver>(DriverId id, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver =>
        Loaded.OfType<TDriver>().FirstOrDefault(driver => driver.Info.Id == id) is { } found
            ? ValueTask.FromResult<DriverLease<TDriver>>(new Lease<TDriver>(found))
            : throw new DhcpHostException(FailureKind.Transient, $"There is no driver {id} now.");

    public async IAsyncEnumerable<DriverNotice> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<DriverNotice>(10_000);
        var pumps = Loaded.Select(driver => Task.Run(async () =>
        {
            await foreach (var item in driver.WatchAsync(cancellationToken))
            {
                await channel.Writer.WriteAsync(
                    new(Drivers.First(one => one.Kind == KindOf(driver) && one.Info.Id == driver.Info.Id), item), cancellationToken);
            }
        }, cancellationToken)).ToList();
        await foreach (var notice in channel.Reader.ReadAllAsync(cancellationToken))
        {
            yield return notice;
        }

        await Task.WhenAll(pumps);
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void OnTakeover(Func<INetworkDriver, CancellationToken, Task> takeover) => Takeover = takeover;

    private static DriverKind KindOf(INetworkDriver driver) =>
        driver switch { IInterfaceDriver => DriverKind.Interface, IDhcpDriver => DriverKind.Dhcp, _ => DriverKind.Metadata };

    private sealed class Lease<TDriver>(TDriver driver) : DriverLease<TDriver>
        where TDriver : class, INetworkDriver
    {
        public override TDriver Driver => driver;

        protected override void Dispose(bool disposing)
        {
        }
    }
}
