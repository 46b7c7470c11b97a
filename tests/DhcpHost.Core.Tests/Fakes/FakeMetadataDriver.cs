using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Core.Tests.Fakes;

internal sealed class FakeMetadataDriver(
    FakeThings<MetadataPlan> things, string id = "proxy") : FakeThingDriver<MetadataPlan, ApplyResult>(id, things), IMetadataDriver
{
    protected override ServerKey KeyOf(MetadataPlan plan) => plan.Server;

    protected override ApplyResult ResultOf(MetadataPlan plan, DriverHandle handle, ApplyAction action) => new() { Handle = handle, Action = action };
}
