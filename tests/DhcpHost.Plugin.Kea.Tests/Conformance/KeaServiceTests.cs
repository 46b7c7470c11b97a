using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.Kea.Tests.Conformance;

/// <summary>What Kea does for real clients under the driver.</summary>
public sealed class KeaServiceTests : DhcpServiceTests
{
    protected override LabDhcpDriverSubject CreateSubject() => new KeaSubject();
}
