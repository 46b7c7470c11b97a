using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.InProcess.Tests.Conformance;

/// <summary>What the host itself does for real clients under the driver.</summary>
public sealed class InProcessServiceTests : DhcpServiceTests
{
    protected override LabDhcpDriverSubject CreateSubject() => new InProcessSubject();
}
