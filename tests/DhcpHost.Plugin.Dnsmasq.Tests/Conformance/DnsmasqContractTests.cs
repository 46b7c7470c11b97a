using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Conformance;

/// <summary>The contract, kept by the dnsmasq driver.</summary>
public sealed class DnsmasqContractTests : DhcpDriverContractTests
{
    protected override DhcpDriverSubject CreateSubject() => new DnsmasqSubject();
}
