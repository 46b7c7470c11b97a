using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Policies;
using DhcpHost.Core.State;
using DhcpHost.DriverConformance.Fakes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>One life of the host in a <see cref="World"/>: from its start to its end or death.</summary>
internal sealed class HostLife : IAsyncDisposable
{
    private readonly EngineMetrics _metrics = new();
    private bool _isOver;

    public HostLife(
        World world,
        Action<LimitsOptions>? limits = null,
        Action<DefaultsOptions>? defaults = null,
        Action<EngineOptions>? options = null,
        TimeProvider? timeProvider = null,
        IPolicies? policies = null)
    {
        World = world;
        limits?.Invoke(Limits);
        Defaults.InterfaceDriver = "wire";
        Defaults.DhcpDriver = "fake";
        Defaults.MetadataDriver = "proxy";
        defaults?.Invoke(Defaults);
        var engineOptions = new EngineOptions { StopTime = TimeSpan.FromSeconds(2) };
        options?.Invoke(engineOptions);
        var time = timeProvider ?? TimeProvider.System;
        Dhcp = new(world.Machine, time);
        Interface = new(world.Interfaces);
        Metadata = new(world.Proxies);
        Interface.BeforeCall = Metadata.BeforeCall = (_, _) => Fence.RunAsync(() => Task.CompletedTask);
        Registry.Loaded.AddRange([Interface, new FencedDhcpDriver(Dhcp, Fence), Metadata]);
        Registry.LoadedSources.Add(new FencedSource(world.Source, Fence));
        ILoggerFactory loggers = NullLoggerFactory.Instance;
        State = new(world.StateDirectory, () => Limits, time, loggers.CreateLogger<StateStore>());
        Events = new(State, _metrics, time, loggers.CreateLogger<EventLog>());
        Engine = new(engineOptions, Defaults, Limits, Registry, policies ?? new BuiltInPolicies(), State, Events, _metrics, time, loggers);
    }

    public World World { get; }

    public Fence Fence { get; } = new();

    public LimitsOptions Limits { get; } = new();

    public DefaultsOptions Defaults { get; } = new();

    public FakeDhcpDriver Dhcp { get; }

    public FakeInterfaceDriver Interface { get; }

    public FakeMetadataDriver Metadata { get; }

    public FakeRegistry Registry { get; } = new();

    public StateStore State { get; }

    public EventLog Events { get; }

    public DhcpEngine Engine { get; }

    public static async Task<HostLife> StartAsync(
        World world,
        Action<LimitsOptions>? limits = null,
        Action<DefaultsOptions>? defaults = null,
        Action<EngineOptions>? options = null,
        TimeProvider? timeProvider = null,
        IPolicies? policies = null)
    {
        var life = new HostLife(world, limits, defaults, options, timeProvider, policies);
        await life.Engine.StartAsync(TestContext.Current.CancellationToken);

        // The engine's watch of the drivers opens meanwhile: a test that kills a server at once would kill it unseen.
        await Soon.TrueAsync(() => life.Dhcp.IsWatched);
        return life;
    }

    public NetworkPhase? PhaseOf(NetworkId id) => Engine.FindStatus(id)?.Phase;

    public Task PhaseAsync(NetworkId id, NetworkPhase phase) =>
        Soon.TrueAsync(() => PhaseOf(id) == phase, what: $"{id} is {phase}, not {Engine.FindStatus(id)?.ToString() ?? "unknown"}");

    public Task SyncedAsync() => Soon.TrueAsync(() => Engine.Status.IsSynced, TimeSpan.FromSeconds(60));

    public async Task<IReadOnlyList<HostEvent>> EventsAsync(string kind) =>
        [.. (await Events.ListAsync(null, 10_000, TestContext.Current.CancellationToken)).Where(one => one.Kind == kind)];

    /// <summary>Dies as of SIGKILL: nothing more is called, written or finished.</summary>
    public async Task CrashAsync()
    {
        _isOver = true;
        Fence.Close();
        Dhcp.Dispose();
        await Engine.CrashAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOver)
        {
            _isOver = true;
            await Engine.DisposeAsync();
            Dhcp.Dispose();
        }

        _metrics.Dispose();
    }
}
