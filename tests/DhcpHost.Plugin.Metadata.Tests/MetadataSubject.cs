using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.Metadata.Listening;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>The driver in this process, with real sockets in namespaces.</summary>
public sealed class MetadataSubject : LabMetadataSubject
{
    private ILoggerFactory _log = NullLoggerFactory.Instance;
    private MetadataServer? _server;
    private MetadataDriver? _driver;

    public MetadataOptions Options { get; } = new();

    public override IMetadataDriver Driver => _driver!;

    public static Task<MetadataSubject> CreateAsync(Action<MetadataOptions>? configure = null, ILoggerFactory? log = null)
    {
        var subject = new MetadataSubject { _log = log ?? NullLoggerFactory.Instance };
        (subject.Options.MetadataProxySocket, subject.Options.DocumentsDirectory) = (subject.AgentSocket, Path.Combine(subject.Home, "documents"));
        configure?.Invoke(subject.Options);
        subject.Start();
        return Task.FromResult(subject);
    }

    public override async Task RestartHostAsync()
    {
        await StopAsync();
        Start();
    }

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        await base.DisposeAsync();
    }

    private void Start()
    {
        _server = new(Options, MetadataPlugin.CreateAnswers(Options, TimeProvider.System, _log), TimeProvider.System, _log);
        _driver = new(Options, _server, "1.0.0", TimeProvider.System, _log);
    }

    private async Task StopAsync()
    {
        await _driver!.DisposeAsync();
        await _server!.DisposeAsync();
    }
}
