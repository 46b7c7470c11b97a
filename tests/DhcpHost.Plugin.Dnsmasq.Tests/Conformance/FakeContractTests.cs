using DhcpHost.DriverConformance.Fakes;
using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Conformance;

/// <summary>The contract, kept by the fake driver, so that what is tested with it holds for real ones.</summary>
public sealed class FakeContractTests : DhcpDriverContractTests
{
    protected override DhcpDriverSubject CreateSubject() => new FakeDhcpDriverSubject();
}
