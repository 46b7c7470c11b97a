using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Metadata.Listening;
using DhcpHost.Plugin.Metadata.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>Answers requests with what the agent, or Nova, says.</summary>
internal sealed class UpstreamForwarder : IMetadataAnswers
{
    // The forwarder's class is internal to its package: a container of its own makes it, which the host never sees.
    private readonly Lazy<ServiceProvider> _services = new(() => new ServiceCollection().AddLogging().AddHttpForwarder().BuildServiceProvider());
    private readonly HttpMessageInvoker _invoker;
    private readonly ForwarderRequestConfig _config;
    private readonly SharedSecret? _secret;
    private readonly string _destination;
    private readonly ILogger _logger;
    private int _isDown;

    private UpstreamForwarder(MetadataOptions options, SharedSecret? secret, string destination, ILogger logger)
    {
        _invoker = new(UpstreamHandler.Create(options, logger), disposeHandler: true);
        _config = new() { ActivityTimeout = options.TimeoutServer, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        (_secret, _destination, _logger) = (secret, destination, logger);
        Description = secret is null ? $"neutron-metadata-agent at {options.MetadataProxySocket}" : $"Nova's metadata API at {destination}";
    }

    public string Description { get; }

    /// <exception cref="Abstractions.Failures.DhcpHostException">The secret or a certificate cannot be read.</exception>
    public static UpstreamForwarder Create(MetadataOptions options, ILogger logger)
    {
        if (options.Mode == MetadataSource.Agent)
        {
            return new(options, null, "http://169.254.169.254/", logger);
        }

        var uri = new UriBuilder(options.NovaMetadataProtocol, options.NovaMetadataHost, options.NovaMetadataPort).Uri;
        return new(options, SharedSecret.Read(options), uri.AbsoluteUri, logger);
    }

    public async Task AnswerAsync(HttpContext context, NetworkProxy proxy, IPAddress client)
    {
        var plan = proxy.Plan;
        Port? instance = null;
        if (_secret is not null)
        {
            instance = InstanceFinder.Find(plan.Network, client);
            if (instance is not { DeviceId.Length: > 0 })
            {
                proxy.Counters.UnknownClient();
                await Answers.WriteAsync(context, StatusCodes.Status404NotFound, $"Instance was not found on network {plan.Network.Id}.");
                return;
            }
        }

        var request = new UpstreamRequest(ForwardedHeaders.Text(client), plan, instance, _secret);
        var error = await _services.Value.GetRequiredService<IHttpForwarder>().SendAsync(context, _destination, _invoker, _config, request);
        if (error != ForwarderError.None)
        {
            await TellAsync(context, proxy, error);
        }
        else if (Volatile.Read(ref _isDown) != 0 && Interlocked.Exchange(ref _isDown, 0) != 0)
        {
            Log.UpstreamUp(_logger, Description);
        }
    }

    public void Dispose()
    {
        _invoker.Dispose();
        if (_services.IsValueCreated)
        {
            _services.Value.Dispose();
        }
    }

    private async Task TellAsync(HttpContext context, NetworkProxy proxy, ForwarderError error)
    {
        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        proxy.Counters.FailedRequest();
        if (context.Response.HasStarted)
        {
            // What was sent is not the whole: the client has to see that.
            context.Abort();
            return;
        }

        var (status, text) = (error, cause) switch
        {
            _ when IsTooLarge(cause) => (StatusCodes.Status413PayloadTooLarge, "The request's body is too large."),
            (ForwarderError.RequestBodyClient, _) => (StatusCodes.Status400BadRequest, "The request's body did not come whole."),
            (ForwarderError.RequestTimedOut or ForwarderError.RequestBodyCanceled, _) =>
                (StatusCodes.Status504GatewayTimeout, "The metadata server did not answer in time."),
            (_, HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse }) =>
                (StatusCodes.Status502BadGateway, "The metadata server gave no proper answer."),
            _ => (StatusCodes.Status503ServiceUnavailable, "The metadata server is not available now. Please try again later."),
        };
        if (status >= StatusCodes.Status500InternalServerError && Interlocked.Exchange(ref _isDown, 1) == 0)
        {
            Log.UpstreamDown(_logger, Description, Reason(cause) ?? text);
        }

        context.Response.Clear();
        await Answers.WriteAsync(context, status, text);
    }

    /// <summary>What .NET says of TLS leads to the exception within.</summary>
    private static string? Reason(Exception? cause) => cause is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? $"TLS failed: {cause.GetBaseException().Message} (auth_ca_cert, nova_metadata_insecure, nova_client_cert)"
        : cause?.Message;

    private static bool IsTooLarge(Exception? cause) => cause switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => true,
        AggregateException several => several.InnerExceptions.Any(IsTooLarge),
        _ => cause?.InnerException is { } inner && IsTooLarge(inner),
    };
}
