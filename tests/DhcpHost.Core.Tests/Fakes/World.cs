using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>What outlives a host: the machine's servers and interfaces, the source, and the state directory.</summary>
internal sealed class World : IDisposable
{
    public World() => StateDirectory = Directory.CreateTempSubdirectory("dhcphost-core-").FullName;

    public FakeMachine Machine { get; } = new();

    public FakeThings<InterfacePlan> Interfaces { get; } = new();

    public FakeThings<MetadataPlan> Proxies { get; } = new();

    public FakeSource Source { get; } = new();

    public string StateDirectory { get; }

    public void Dispose() => Directory.Delete(StateDirectory, recursive: true);
}
