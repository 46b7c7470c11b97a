using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.Kea.Tests.Conformance;

/// <summary>The contract, kept by the Kea driver.</summary>
public sealed class KeaContractTests : DhcpDriverContractTests
{
    protected override DhcpDriverSubject CreateSubject() => new KeaSubject();
}
