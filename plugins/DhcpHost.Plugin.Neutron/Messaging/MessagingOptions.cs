using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>How Neutron's server is reached.</summary>
public sealed record MessagingOptions : IValidatableObject
{
    /// <summary>
    /// The brokers, as in Neutron's <c>transport_url</c>: <c>rabbit://user:password@host:5672,user:password@host2:5672/vhost</c>.
    /// Empty, the default: it is in <see cref="TransportUrlFile"/>.
    /// </summary>
    public string TransportUrl { get; init; } = "";

    /// <summary>A file whose one line is the URL, so that no password is in <c>host.toml</c>; read at each connect. Empty, the default: none.</summary>
    public string TransportUrlFile { get; init; } = "";

    /// <summary>The exchange of all topics; default <c>neutron</c>.</summary>
    [MinLength(1)]
    public string ControlExchange { get; init; } = "neutron";

    /// <summary>The topic that DHCP agents listen to; default <c>dhcp_agent</c>.</summary>
    [MinLength(1)]
    public string AgentTopic { get; init; } = "dhcp_agent";

    /// <summary>How long a call waits for its answer, unless it says otherwise; default 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan RpcResponseTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Up to where the timeout of a method grows that times out: it is doubled each time, and comes down with the answers. Default 600 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "24:00:00")]
    public TimeSpan RpcResponseMaxTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How long a call waits for a broker, or for a server that listens, before it fails; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls that may wait for their answers at a time; the others wait their turn. Default 64.</summary>
    [Range(1, 4096)]
    public int MaxCallsInFlight { get; init; } = 64;

    /// <summary>The largest cast that is read; larger ones are dropped. Default 16 MiB.</summary>
    public ByteSize MaxCastSize { get; init; } = ByteSize.FromMebibytes(16);

    /// <summary>The largest answer that is read; larger ones fail their call. A full sync of a large host is one answer. Default 128 MiB.</summary>
    public ByteSize MaxReplySize { get; init; } = ByteSize.FromMebibytes(128);

    /// <summary>How the queues are declared and the broker is reached.</summary>
    public RabbitOptions Rabbit { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TransportUrl.Length > 0 && TransportUrlFile.Length > 0)
        {
            yield return new("must be empty where transport_url is given", [nameof(TransportUrlFile)]);
        }

        if (TransportUrl.Length == 0 && TransportUrlFile.Length == 0)
        {
            yield return new("must be given, or transport_url_file", [nameof(TransportUrl)]);
        }

        if (TransportUrl.Length > 0 && !Broker.TransportUrl.TryParse(TransportUrl, out _, out var problem))
        {
            yield return new(problem, [nameof(TransportUrl)]);
        }

        if (RpcResponseMaxTimeout < RpcResponseTimeout)
        {
            yield return new("must not be below rpc_response_timeout", [nameof(RpcResponseMaxTimeout)]);
        }

        if (MaxCastSize < ByteSize.FromKibibytes(64) || MaxCastSize > ByteSize.FromMebibytes(512))
        {
            yield return new("must be from 64KiB to 512MiB", [nameof(MaxCastSize)]);
        }

        if (MaxReplySize < ByteSize.FromKibibytes(64) || MaxReplySize > ByteSize.FromMebibytes(512))
        {
            yield return new("must be from 64KiB to 512MiB", [nameof(MaxReplySize)]);
        }
    }
}
