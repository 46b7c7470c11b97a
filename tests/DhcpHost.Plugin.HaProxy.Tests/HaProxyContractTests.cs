using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.HaProxy.Tests;

/// <summary>The contract, kept by the haproxy driver.</summary>
public sealed class HaProxyContractTests : MetadataDriverContractTests
{
    protected override Task<LabMetadataSubject> CreateSubjectAsync() => Task.FromResult<LabMetadataSubject>(new HaProxySubject());
}
