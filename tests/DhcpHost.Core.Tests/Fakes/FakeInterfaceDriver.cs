using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Core.Tests.Fakes;

internal sealed class FakeInterfaceDriver(
    FakeThings<InterfacePlan> things, string id = "wire") : FakeThingDriver<InterfacePlan, InterfaceApplyResult>(id, things), IInterfaceDriver
{
    protected override ServerKey KeyOf(InterfacePlan plan) => plan.Server;

    protected override InterfaceApplyResult ResultOf(InterfacePlan plan, DriverHandle handle, ApplyAction action) => new()
    {
        Handle = handle,
        Action = action,
        Interface = new()
        {
            Namespace = $"ns-{plan.Server.NetworkId}",
            Device = "tap0",
            MacAddress = plan.HostPort.MacAddress!.Value,
            Addresses = plan.Addresses,
        },
    };
}
