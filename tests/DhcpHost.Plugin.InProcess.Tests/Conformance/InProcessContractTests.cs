using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.InProcess.Tests.Conformance;

/// <summary>The contract, kept by the in-process driver.</summary>
public sealed class InProcessContractTests : DhcpDriverContractTests
{
    protected override DhcpDriverSubject CreateSubject() => new InProcessSubject();
}
