using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using DhcpHost.Testing.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>A metadata API that speaks nothing but TLS; it answers with who the client's certificate says it is.</summary>
internal sealed class TlsNova : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly X509Certificate2 _certificate;

    private readonly StrongBox<int> _connections;

    private TlsNova(WebApplication application, X509Certificate2 certificate, StrongBox<int> connections) =>
        (_application, _certificate, _connections) = (application, certificate, connections);

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections.Value);

    public int Port => new Uri(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    /// <summary>Starts it with a certificate for a name and an address.</summary>
    public static async Task<TlsNova> StartAsync(Certificates authority, string name, IPAddress? address, CancellationToken cancellationToken)
    {
        var (file, key) = authority.Issue(name, address);
        var certificate = X509Certificate2.CreateFromPemFile(file, key);
        var connections = new StrongBox<int>();
        var builder = WebApplication.CreateSlimBuilder();
        _ = builder.Logging.ClearProviders();
        _ = builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            _ = listen.Use(next => connection =>
            {
                _ = Interlocked.Increment(ref connections.Value);
                return next(connection);
            });
            _ = listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        var application = builder.Build();
        application.Run(context => context.Response.WriteAsync(
            $"{context.Request.Headers["X-Instance-ID"]} by {context.Connection.ClientCertificate?.Subject ?? "nobody"}", CancellationToken.None));
        await application.StartAsync(cancellationToken);
        return new(application, certificate, connections);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _certificate.Dispose();
    }
}
