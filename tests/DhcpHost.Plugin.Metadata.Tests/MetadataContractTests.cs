using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>The contract, kept by the driver in this process.</summary>
public sealed class MetadataContractTests : MetadataDriverContractTests
{
    protected override async Task<LabMetadataSubject> CreateSubjectAsync() => await MetadataSubject.CreateAsync();
}
