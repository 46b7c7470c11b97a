using System.Globalization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.DriverConformance.Fakes;

/// <summary>The fake driver as the suite sees it.</summary>
public sealed class FakeDhcpDriverSubject : DhcpDriverSubject
{
    private readonly FakeMachine _machine = new();
    private FakeDhcpDriver _driver;
    private int _lastInterface;

    /// <summary>A fake machine with a host.</summary>
    public FakeDhcpDriverSubject() => _driver = new(_machine);

    /// <inheritdoc/>
    public override IDhcpDriver Driver => _driver;

    /// <inheritdoc/>
    public override Task<InterfaceBinding> NewInterfaceAsync(IReadOnlyList<IPInterfaceAddress> addresses, CancellationToken cancellationToken) =>
        Task.FromResult(new InterfaceBinding
        {
            Namespace = string.Create(CultureInfo.InvariantCulture, $"ns{++_lastInterface}"),
            Device = "tap0",
            MacAddress = SamplePlans.Mac(_lastInterface),
            Addresses = addresses.ToEquatableArray(),
        });

    /// <inheritdoc/>
    public override void RestartHost()
    {
        _driver.Dispose();
        _driver = new(_machine);
    }

    /// <inheritdoc/>
    public override Task KillServerAsync(ServerKey key, CancellationToken cancellationToken)
    {
        _ = _machine.Kill(key);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override int CountServers(ServerKey key) => _machine.Servers.Count(server => server.IsOurs && server.Plan.Server == key);

    /// <inheritdoc/>
    public override Task<(DriverHandle Handle, Func<bool> Lives)> ReplaceByForeignAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _machine.Change(handle.Server, server => server with { IsOurs = false });
        return Task.FromResult((handle, new Func<bool>(() => _machine.Find(handle.Server) is not null)));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _driver.Dispose();
        return ValueTask.CompletedTask;
    }
}
