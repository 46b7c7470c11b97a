using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Http.Answers;
using DhcpHost.Http.Endpoints;
using DhcpHost.Http.Listening;
using DhcpHost.Http.Metrics;
using DhcpHost.Http.Requests;
using DhcpHost.Http.Streams;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Http;

/// <summary>The management API: HTTP on a Unix socket, and on TCP where it is configured. <c>docs/api.md</c> describes it.</summary>
/// <remarks>It is a web host of its own inside the daemon: it reads no environment variable and no file, and hears no signal.</remarks>
public sealed partial class ManagementServer(ManagementOptions options, ManagementServices services, ILoggerFactory loggerFactory, TimeProvider timeProvider)
    : IAsyncDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ILogger _logger = loggerFactory.CreateLogger<ManagementServer>();
    private WebApplication? _application;
    private MetricCollector? _metrics;
    private ProcessMeter? _process;

    /// <summary>The TCP endpoint, with the port that it got; <c>null</c> where there is none.</summary>
    public IPEndPoint? TcpEndPoint { get; private set; }

    /// <summary>Binds and answers from then on.</summary>
    /// <exception cref="DhcpHostException"><see cref="FailureKind.Conflict"/> or <see cref="FailureKind.Invalid"/>: an endpoint cannot be bound;
    /// the message says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.TryGetSocketMode(out var mode) || !options.TryGetTcp(out var tcp))
        {
            throw new DhcpHostException(FailureKind.Invalid, "management.socket_mode or management.tcp cannot be read: 'dhcphost check' says more.");
        }

        var socket = ManagementSocket.Bind(options.Socket, mode, options.SocketGroup);
        _process = new ProcessMeter(services.Version);
        _metrics = new MetricCollector(MetricCollector.IsHosts);
        _application = Build(socket, tcp, _metrics);
        try
        {
            await _application.StartAsync(cancellationToken);
        }
        catch (IOException exception)
        {
            socket.Dispose();
            throw new DhcpHostException(
                FailureKind.Conflict, $"management.tcp: {tcp} cannot be bound: {exception.Message}: choose another port, or none.", exception);
        }

        if (tcp is not null)
        {
            var bound = new Uri(
                _application.Urls.First(url => url.StartsWith("http://", StringComparison.Ordinal) && !url.Contains("unix:", StringComparison.Ordinal)));
            TcpEndPoint = new(tcp.Address, bound.Port);
            if (!IPAddress.IsLoopback(tcp.Address))
            {
                LogOpenToOthers(_logger, TcpEndPoint, options.TcpChanges ? "may change" : "may read");
            }
        }

        LogListening(_logger, options.Socket, options.SocketMode, TcpEndPoint is null ? "" : $" and {TcpEndPoint}");
    }

    /// <summary>Ends the followers, lets other requests end within 5 s, and removes the socket.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_application is not { } application)
        {
            return;
        }

        await _stopping.CancelAsync();
        using var limit = new CancellationTokenSource(StopTime, timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await application.StopAsync(linked.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        if (_application is not null)
        {
            await _application.DisposeAsync();
            _application = null;
        }

        _metrics?.Dispose();
        _process?.Dispose();
        _stopping.Dispose();
    }

    private WebApplication Build(Socket socket, IPEndPoint? tcp, MetricCollector metrics)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "dhcphost" });
        _ = builder.Services.AddSingleton<ILoggerFactory>(new QuietLoggerFactory(loggerFactory));
        _ = builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _ = builder.Services.AddRoutingCore();
        _ = builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, tcp));
        _ = builder.WebHost.UseSockets(sockets =>
        {
            var byDefault = sockets.CreateBoundListenSocket;
            sockets.CreateBoundListenSocket = endPoint => endPoint is UnixDomainSocketEndPoint ? socket : byDefault(endPoint);
        });
        var application = builder.Build();
        var guard = new RequestGuard(options, tcp, () => services.Limits().RequestBytes);
        _ = application.Use(async (context, next) =>
        {
            if (guard.Check(context) is { } refusal)
            {
                await RequestScope.AnswerAsync(context, refusal, context.RequestAborted);
                return;
            }

            await next(context);
            await AnswerUnknownAsync(context);
        });
        MapAll(new(application, new(options, timeProvider, _logger, _stopping.Token)), metrics);
        return application;
    }

    private void Configure(KestrelServerOptions kestrel, IPEndPoint? tcp)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = options.Connections;
        kestrel.Limits.MaxRequestBodySize = services.Limits().RequestBytes;
        kestrel.Limits.RequestHeadersTimeout = options.HeaderTime;
        kestrel.Limits.MaxRequestHeaderCount = 50;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        kestrel.ListenUnixSocket(options.Socket, listen => Mark(listen, isSocket: true));
        if (tcp is not null)
        {
            kestrel.Listen(tcp, listen => Mark(listen, isSocket: false));
        }
    }

    private static void Mark(ListenOptions listen, bool isSocket)
    {
        var kind = new EndpointKind(isSocket);
        listen.Protocols = HttpProtocols.Http1;
        _ = listen.Use(next => connection =>
        {
            connection.Features.Set(kind);
            return next(connection);
        });
    }

    private void MapAll(Routes routes, MetricCollector metrics)
    {
        var followers = new FollowerSlots(options.Followers);
        new StatusEndpoints(services, timeProvider).Map(routes);
        new NetworkEndpoints(services, followers, timeProvider).Map(routes);
        new LeaseEndpoints(services).Map(routes);
        new EventEndpoints(services, followers, timeProvider).Map(routes);
        new PartEndpoints(services).Map(routes);
        new MetricEndpoint(metrics).Map(routes);
    }

    private static Task AnswerUnknownAsync(HttpContext context)
    {
        if (context.Response.HasStarted || context.GetEndpoint() is not null and not { DisplayName: "405 HTTP Method Not Supported" })
        {
            return Task.CompletedTask;
        }

        var problem = context.Response.StatusCode switch
        {
            StatusCodes.Status405MethodNotAllowed => Problems.NoMethod(context.Request.Method, context.Request.Path, context.Response.Headers.Allow.ToString()),
            StatusCodes.Status404NotFound => Problems.NoPath(context.Request.Method, context.Request.Path),
            _ => null,
        };
        return problem is null ? Task.CompletedTask : RequestScope.AnswerAsync(context, problem, context.RequestAborted);
    }

    [LoggerMessage(8001, LogLevel.Information, "The management API listens on {Socket} (mode {Mode}){Tcp}")]
    private static partial void LogListening(ILogger logger, string socket, string mode, string tcp);

    [LoggerMessage(8002, LogLevel.Warning, "The management API is open to other machines on {EndPoint}, without a login: whoever reaches it {Right}")]
    private static partial void LogOpenToOthers(ILogger logger, IPEndPoint endPoint, string right);
}
