namespace DhcpHost.Abstractions.Drivers;

/// <summary>Makes the namespace and the interface that a network's server binds to.</summary>
public interface IInterfaceDriver : INetworkDriver<InterfacePlan, InterfaceApplyResult>;
