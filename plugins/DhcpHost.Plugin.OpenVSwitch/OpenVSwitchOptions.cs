using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Plugin.OpenVSwitch;

/// <summary>The table <c>[drivers.openvswitch]</c>; the keys are Neutron's where it has them.</summary>
public sealed class OpenVSwitchOptions
{
    /// <summary>Where OVSDB listens: <c>unix:/path</c> or <c>tcp:address:port</c>.</summary>
    /// <value>Default <c>unix:/run/openvswitch/db.sock</c> (Neutron: <c>tcp:127.0.0.1:6640</c>).</value>
    [RegularExpression(@"^(unix:/.+|tcp:.+:\d{1,5})$")]
    public string OvsdbConnection { get; set; } = "unix:/run/openvswitch/db.sock";

    /// <summary>How long OVSDB may take to answer, and Open vSwitch to make a port.</summary>
    /// <value>Default 10 s.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan OvsdbTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The bridge of networks that name none.</summary>
    /// <value>Default <c>br-int</c>.</value>
    [Required]
    [StringLength(15)]
    public string OvsIntegrationBridge { get; set; } = "br-int";

    /// <summary>Whether a veth pair leads into the bridge in place of an internal port.</summary>
    /// <value>Default false.</value>
    public bool OvsUseVeth { get; set; }

    /// <summary>
    /// Whether ports get the VLAN of their network (none, where it has none) from this driver. False leaves that to Neutron's Open vSwitch agent: until
    /// it comes a port is in the dead VLAN 4095, and passes nothing.
    /// </summary>
    /// <value>Default false.</value>
    public bool WirePorts { get; set; }

    /// <summary>Whether IPv6 duplicate address detection runs in new namespaces.</summary>
    /// <value>Default false.</value>
    public bool DetectDuplicateAddresses { get; set; }
}
