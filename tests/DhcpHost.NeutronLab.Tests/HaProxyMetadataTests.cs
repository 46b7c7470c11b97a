using DhcpHost.NeutronLab.Tests.Lab;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>By HAProxy, as upstream.</summary>
public sealed class HaProxyMetadataTests(OpenStackLab neutron) : MetadataTests(neutron, "haproxy");
