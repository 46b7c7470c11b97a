namespace DhcpHost.Abstractions.Drivers;

/// <summary>Runs a network's metadata proxy.</summary>
public interface IMetadataDriver : INetworkDriver<MetadataPlan, ApplyResult>;
