using DhcpHost.NeutronLab.Tests.Lab;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>By the host's own process.</summary>
public sealed class InProcessMetadataTests(OpenStackLab neutron) : MetadataTests(neutron, "metadata");
