using System.ComponentModel.DataAnnotations;
using DhcpHost.Plugin.OpenVSwitch.Ovsdb;

namespace DhcpHost.Plugin.OpenVSwitch;

/// <summary>The table <c>[drivers.openvswitch]</c>; the keys are Neutron's where it has them.</summary>
public sealed class OpenVSwitchOptions : IValidatableObject
{
    /// <summary>Where OVSDB listens: <c>unix:/path</c>, <c>tcp:address:port</c>, or <c>ssl:address:port</c> for TLS.</summary>
    /// <value>Default <c>unix:/run/openvswitch/db.sock</c> (Neutron: <c>tcp:127.0.0.1:6640</c>).</value>
    public string OvsdbConnection { get; set; } = "unix:/run/openvswitch/db.sock";

    /// <summary>A PEM file of this host's key, for <c>ssl:</c>.</summary>
    public string SslKeyFile { get; set; } = "";

    /// <summary>A PEM file of the certificate that OVSDB is shown, for <c>ssl:</c>.</summary>
    public string SslCertFile { get; set; } = "";

    /// <summary>
    /// A PEM file of the authorities that may have signed OVSDB's certificate, for <c>ssl:</c>; its name is not looked at, as
    /// with Open vSwitch's own tools.
    /// </summary>
    public string SslCaCertFile { get; set; } = "";

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

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (FindFault() is { } fault)
        {
            yield return new(fault, [nameof(OvsdbConnection)]);
        }
    }

    internal OvsdbClient CreateClient(TimeProvider timeProvider)
    {
        var endpoint = OvsdbEndpoint.Parse(OvsdbConnection);
        return new(endpoint, endpoint.IsSecure ? new(SslKeyFile, SslCertFile, SslCaCertFile) : null, OvsdbTimeout, timeProvider);
    }

    private string? FindFault()
    {
        try
        {
            return OvsdbEndpoint.Parse(OvsdbConnection).IsSecure && new[] { SslKeyFile, SslCertFile, SslCaCertFile }.Any(file => file.Length == 0)
                ? "ssl: needs ssl_key_file, ssl_cert_file and ssl_ca_cert_file"
                : null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }
}
