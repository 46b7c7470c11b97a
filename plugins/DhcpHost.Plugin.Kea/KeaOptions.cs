using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Plugin.Kea;

/// <summary>The keys of <c>[drivers.kea]</c> in <c>host.toml</c>.</summary>
public sealed class KeaOptions : IValidatableObject
{
    // sun_path has 108 bytes; a network's directory and the socket's name take 24 of them.
    private const int MaxRuntimeDirectory = 80;

    /// <summary>The program for IPv4: a path, or a name that is looked up in <c>PATH</c>. Default <c>kea-dhcp4</c>.</summary>
    [Required]
    public string Dhcp4Binary { get; set; } = "kea-dhcp4";

    /// <summary>The program for IPv6: a path, or a name that is looked up in <c>PATH</c>. Default <c>kea-dhcp6</c>.</summary>
    [Required]
    public string Dhcp6Binary { get; set; } = "kea-dhcp6";

    /// <summary>
    /// The account that servers run as, with no more of root's rights than low ports and raw sockets take, and that owns their files. Empty, the default:
    /// <c>_kea</c>, which Debian's packages make, where there is such an account, else <c>root</c>.
    /// </summary>
    public string User { get; set; } = "";

    /// <summary>
    /// Where <c>libdhcp_lease_cmds.so</c> is. Empty, the default: Kea's usual places. Without it leases are read from Kea's file and cannot be released.
    /// </summary>
    public string HooksDirectory { get; set; } = "";

    /// <summary>The directory below which each network has its own. Empty, the default: <c>servers</c> in the plugin's state directory.</summary>
    public string StateDirectory { get; set; } = "";

    /// <summary>Where control sockets and pid files are; at most 80 characters. Default <c>/run/dhcphost/kea</c>.</summary>
    [Required]
    public string RuntimeDirectory { get; set; } = "/run/dhcphost/kea";

    /// <summary>
    /// Whether an IPv4 client with another client identifier is another client. Default false: a machine keeps its address from its
    /// boot ROM to its operating system.
    /// </summary>
    public bool MatchClientId { get; set; }

    /// <summary>How often Kea tidies up its lease file, in which it appends every change; default one hour. Zero: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan LeaseCleanupInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What a server writes into its log (at most 2 MB): <c>DEBUG</c>, <c>INFO</c>, <c>WARN</c>, the default, <c>ERROR</c> or <c>FATAL</c>.</summary>
    [RegularExpression("DEBUG|INFO|WARN|ERROR|FATAL")]
    public string LogSeverity { get; set; } = "WARN";

    /// <summary>How long a server may take from its start until it serves; default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a server may take to answer a command; default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a server may take to end by itself before it is killed; default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Path.IsPathRooted(RuntimeDirectory) || RuntimeDirectory.Length > MaxRuntimeDirectory)
        {
            yield return new(
                $"must be an absolute path of at most {MaxRuntimeDirectory} characters: the path of a Unix socket is short", [nameof(RuntimeDirectory)]);
        }
    }
}
