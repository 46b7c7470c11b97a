using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Plugin.Bridge;

/// <summary>The table <c>[drivers.bridge]</c>.</summary>
public sealed class BridgeOptions
{
    /// <summary>What the name of a network's namespace begins with; its id follows.</summary>
    /// <value>Default <c>qdhcp-</c>, as in Neutron.</value>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$")]
    public string NamespacePrefix { get; set; } = "qdhcp-";

    /// <summary>The bridge of networks that name none; empty for none: such a network is then an error.</summary>
    /// <value>Default empty.</value>
    [StringLength(15)]
    public string DefaultBridge { get; set; } = "";

    /// <summary>Whether a bridge that does not exist is made. It is never removed again.</summary>
    /// <value>Default false.</value>
    public bool CreateBridges { get; set; }

    /// <summary>
    /// Whether IPv6 duplicate address detection runs in the namespaces. It takes one to two seconds in which no IPv6 server answers; the addresses
    /// come from the source, which gives each to one port only.
    /// </summary>
    /// <value>Default false.</value>
    public bool DetectDuplicateAddresses { get; set; }
}
