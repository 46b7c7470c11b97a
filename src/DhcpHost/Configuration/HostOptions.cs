using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Configuration;

/// <summary>The table <c>[host]</c>: who this host is, and where it keeps what it needs. A change takes a restart.</summary>
public sealed class HostOptions : IValidatableObject
{
    /// <summary>The host's name, as sources know it; empty for the machine's.</summary>
    /// <value>Default empty.</value>
    [MaxLength(253)]
    public string Name { get; set; } = "";

    /// <summary>What lasts: the state store, and the files and leases of servers. Made with mode 0711: what is in it has its own modes.</summary>
    /// <value>Default <c>/var/lib/dhcphost</c>.</value>
    [Required]
    public string StateDirectory { get; set; } = "/var/lib/dhcphost";

    /// <summary>
    /// What lasts until the machine stops: the lock that keeps a second instance out, and the management socket. Made with mode 0755: what is in it
    /// has its own modes.
    /// </summary>
    /// <value>Default <c>/run/dhcphost</c>.</value>
    [Required]
    public string RuntimeDirectory { get; set; } = "/run/dhcphost";

    /// <summary>What can be made again: copies of the plugins that are loaded, compiled scripts. Made with mode 0700.</summary>
    /// <value>Default <c>/var/cache/dhcphost</c>.</value>
    [Required]
    public string CacheDirectory { get; set; } = "/var/cache/dhcphost";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            yield return new("must be a host name: without spaces and control characters", [nameof(Name)]);
        }

        foreach (var (path, name) in new[]
        {
            (StateDirectory, nameof(StateDirectory)),
            (RuntimeDirectory, nameof(RuntimeDirectory)),
            (CacheDirectory, nameof(CacheDirectory)),
        })
        {
            if (path.Contains('\0', StringComparison.Ordinal))
            {
                yield return new("must be a path", [name]);
            }
        }
    }
}
