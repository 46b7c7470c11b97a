using DhcpHost.Plugin.Files.Config;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>One thing that has to hold in a network's file beyond the types of its values.</summary>
internal interface INetworkConfigRule
{
    /// <summary>Notes all that is wrong.</summary>
    void Check(NetworkConfig network, NetworkFindings findings);
}
