using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Plugin.Dnsmasq;

/// <summary>The keys of <c>[drivers.dnsmasq]</c> in <c>host.toml</c>.</summary>
public sealed class DnsmasqOptions : IValidatableObject
{
    private const int AllModeBits = 0b111_111_111;
    private const int OthersPass = 0b001;
    private const int OthersRead = 0b100;

    /// <summary>The program: a path, or a name that is looked up in <c>PATH</c>. Default <c>dnsmasq</c>.</summary>
    [Required]
    public string Binary { get; set; } = "dnsmasq";

    /// <summary>
    /// The directory below which each server has its own (Neutron's <c>dhcp_confs</c>). Empty, the default: <c>servers</c> in the plugin's state directory.
    /// </summary>
    public string StateDirectory { get; set; } = "";

    /// <summary>The mode of a server's directory; default 0o700. Others than its owner read leases and configuration only if it lets them.</summary>
    [Range(0, AllModeBits)]
    public int DirectoryMode { get; set; } = 0b111_000_000;

    /// <summary>The mode of the files in it; default 0o600.</summary>
    [Range(0, AllModeBits)]
    public int FileMode { get; set; } = 0b110_000_000;

    /// <summary>
    /// The account that servers run as after they bound their ports, and that owns their files. Empty, the default: <c>dnsmasq</c> where there is
    /// such an account, else <c>nobody</c>, dnsmasq's own default.
    /// </summary>
    public string User { get; set; } = "";

    /// <summary>
    /// The account that owns directories and files in place of the servers' own, so that neutron-dhcp-agent can go on with them after a
    /// rollback. Servers read them as others, so that <see cref="DirectoryMode"/> and <see cref="FileMode"/> must let others pass and read.
    /// Empty, the default: the servers' own.
    /// </summary>
    public string Owner { get; set; } = "";

    /// <summary>
    /// Whether servers that neutron-dhcp-agent started are taken over: a dnsmasq whose pid file is at its network's place in <see cref="StateDirectory"/>
    /// and that runs in its network's namespace <c>qdhcp-ID</c>. Default false: such a server is not touched, and its network is not served beside it.
    /// </summary>
    public bool AdoptNeutron { get; set; }

    /// <summary>
    /// A configuration file of the site's own that every server reads too (Neutron's <c>dnsmasq_config_file</c>). Empty, the default: none.
    /// </summary>
    public string ConfigFile { get; set; } = "";

    /// <summary>
    /// The directory below which each network has a log, <c>NETWORK/dhcp_dns_log</c>, with every query and message (Neutron's
    /// <c>dnsmasq_base_log_dir</c>). Empty, the default: only what dnsmasq tells syslog.
    /// </summary>
    public string LogDirectory { get; set; } = "";

    /// <summary>A TXT record that every server answers (Neutron's <c>dnsmasq_txt_record</c>), to probe it by. Empty, the default: none.</summary>
    public string TxtRecord { get; set; } = "";

    /// <summary>
    /// Whether all DHCPv6 addresses that a port has on one subnet go into one host line (Neutron's <c>dnsmasq_enable_addr6_list</c>);
    /// needs dnsmasq 2.81. Default false.
    /// </summary>
    public bool EnableAddr6List { get; set; }

    /// <summary>How long a server may take from its start until it serves; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a server may take to end by itself before it is killed; default 5 seconds, as in Neutron.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Owner.Length > 0 && (DirectoryMode & OthersPass) == 0)
        {
            yield return new("must let others pass (0o711) where owner is set: servers are others then", [nameof(DirectoryMode)]);
        }

        if (Owner.Length > 0 && (FileMode & OthersRead) == 0)
        {
            yield return new("must let others read (0o644) where owner is set: servers are others then", [nameof(FileMode)]);
        }
    }
}
