using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Plugin.Metadata;

/// <summary>The keys of <c>[drivers.metadata]</c> in <c>host.toml</c>. Those that Neutron has, too, have its names and defaults.</summary>
public sealed class MetadataOptions : IValidatableObject
{
    private const int MinHeaderBytes = 1024;

    /// <summary>Where answers come from; default <c>agent</c>.</summary>
    public MetadataSource Mode { get; set; } = MetadataSource.Agent;

    /// <summary>The socket of neutron-metadata-agent, in the mode <c>agent</c>; default <c>/var/lib/neutron/metadata_proxy</c>.</summary>
    [Required]
    public string MetadataProxySocket { get; set; } = "/var/lib/neutron/metadata_proxy";

    /// <summary>Name or address of Nova's metadata API; default <c>127.0.0.1</c>.</summary>
    [Required]
    public string NovaMetadataHost { get; set; } = "127.0.0.1";

    /// <summary>Its port; default 8775.</summary>
    [Range(1, ushort.MaxValue)]
    public int NovaMetadataPort { get; set; } = 8775;

    /// <summary><c>http</c>, the default, or <c>https</c>.</summary>
    [AllowedValues("http", "https")]
    public string NovaMetadataProtocol { get; set; } = "http";

    /// <summary>Whether any certificate of Nova's is taken; default false.</summary>
    public bool NovaMetadataInsecure { get; set; }

    /// <summary>A PEM file with the authorities that may have signed Nova's certificate. Empty, the default: the system's.</summary>
    public string AuthCaCert { get; set; } = "";

    /// <summary>A PEM file with the certificate that Nova is shown. Empty, the default: none.</summary>
    public string NovaClientCert { get; set; } = "";

    /// <summary>A PEM file with its key.</summary>
    public string NovaClientPrivKey { get; set; } = "";

    /// <summary>
    /// The secret that instance ids are signed with; Nova has the same one. In the mode <c>nova</c> this, or one of the two keys below, is needed.
    /// </summary>
    public string MetadataProxySharedSecret { get; set; } = "";

    /// <summary>A file that holds the secret; white space around it does not count. Empty, the default: none.</summary>
    public string MetadataProxySharedSecretFile { get; set; } = "";

    /// <summary>An environment variable that holds the secret. Empty, the default: none.</summary>
    public string MetadataProxySharedSecretEnv { get; set; } = "";

    /// <summary>The directory of documents, in the mode <c>documents</c>; default <c>metadata</c> beside <c>host.toml</c>.</summary>
    [Required]
    public string DocumentsDirectory { get; set; } = "metadata";

    /// <summary>The largest file in it; default 1 MiB.</summary>
    public ByteSize MaxDocumentBytes { get; set; } = ByteSize.FromMebibytes(1);

    /// <summary>How long a connection to the agent or to Nova may take; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan TimeoutConnect { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the agent or Nova may be silent; default 32 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan TimeoutServer { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>How long a client may take for a request's head; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan TimeoutHttpRequest { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client's connection may wait for its next request; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan TimeoutHttpKeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a client's requests are limited; default false.</summary>
    public bool RateLimitEnabled { get; set; }

    /// <summary>Clients of which IP versions are limited; default both.</summary>
    public IList<int> IpVersions { get; set; } = [4, 6];

    /// <summary>The base window; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BaseWindowDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of one client in the base window; default 10.</summary>
    [Range(1, 1_000_000)]
    public int BaseQueryRateLimit { get; set; } = 10;

    /// <summary>The burst window; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BurstWindowDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of one client in the burst window; default 10.</summary>
    [Range(1, 1_000_000)]
    public int BurstQueryRateLimit { get; set; } = 10;

    /// <summary>Connections of all networks together; those beyond wait. Default 16384.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 16384;

    /// <summary>Connections of one network; those beyond wait. Default 1024, as Neutron's proxies have it.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerNetwork { get; set; } = 1024;

    /// <summary>Connections of one client address on a network; those beyond are closed. Default 256; 0 for no limit but the network's.</summary>
    [Range(0, 1_000_000)]
    public int MaxConnectionsPerClient { get; set; } = 256;

    /// <summary>The largest request head; default 8 KiB.</summary>
    public ByteSize MaxHeaderBytes { get; set; } = ByteSize.FromKibibytes(8);

    /// <summary>The largest request body; default 64 KiB.</summary>
    public ByteSize MaxBodyBytes { get; set; } = ByteSize.FromKibibytes(64);

    /// <summary>How long a listener may take from its start until it answers; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests may go on when their listener is removed; default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var secrets = new[] { MetadataProxySharedSecret, MetadataProxySharedSecretFile, MetadataProxySharedSecretEnv }.Count(text => text.Length > 0);
        if (secrets > 1)
        {
            yield return new(
                "the secret comes from one of metadata_proxy_shared_secret, metadata_proxy_shared_secret_file and metadata_proxy_shared_secret_env",
                [nameof(MetadataProxySharedSecret), nameof(MetadataProxySharedSecretFile), nameof(MetadataProxySharedSecretEnv)]);
        }

        if (Mode == MetadataSource.Nova && secrets == 0)
        {
            yield return new(
                "the mode nova needs the secret that Nova has, here or in a file or an environment variable",
                [nameof(MetadataProxySharedSecret), nameof(MetadataProxySharedSecretFile), nameof(MetadataProxySharedSecretEnv), nameof(Mode)]);
        }

        if (NovaClientCert.Length > 0 != NovaClientPrivKey.Length > 0)
        {
            yield return new("a certificate and its key go together", [nameof(NovaClientCert), nameof(NovaClientPrivKey)]);
        }

        if (IpVersions.Any(version => version is not (4 or 6)))
        {
            yield return new("IP versions are 4 and 6", [nameof(IpVersions)]);
        }

        if (MaxHeaderBytes.Bytes is < MinHeaderBytes or > (1 << 20))
        {
            yield return new("must be between 1KiB and 1MiB", [nameof(MaxHeaderBytes)]);
        }
    }
}
