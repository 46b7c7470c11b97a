using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Conformance;

/// <summary>What dnsmasq does for real clients under the driver.</summary>
public sealed class DnsmasqServiceTests : DhcpServiceTests
{
    protected override LabDhcpDriverSubject CreateSubject() => new DnsmasqSubject();
}
