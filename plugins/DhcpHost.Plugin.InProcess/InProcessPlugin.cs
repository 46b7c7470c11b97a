using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.RouterAdvertisements;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Plugin.InProcess.V4;
using DhcpHost.Plugin.InProcess.V6;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.InProcess;

/// <summary>The driver <c>inprocess</c>.</summary>
public sealed class InProcessPlugin : IPlugin
{
    private InProcessDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(InProcessOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var typed = (InProcessOptions)options;
        var directory = typed.StateDirectory.Length > 0 ? Path.GetFullPath(typed.StateDirectory, context.ConfigDirectory) : context.StateDirectory;
        var version = typeof(InProcessPlugin).Assembly.GetName().Version?.ToString(3) ?? "0";
        try
        {
            if (typed.StateDirectory.Length > 0)
            {
                _ = PrivateDirectory.Ensure(directory);
            }

            _driver = new(
                MakeProtocols(typed, context.TimeProvider), directory, version, context.TimeProvider, context.LoggerFactory.CreateLogger<InProcessPlugin>());
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            throw new DhcpHostException(FailureKind.Transient, $"The leases below {directory} cannot be opened: {e.Message}", e);
        }

        return ValueTask.FromResult(new PluginContents { DhcpDrivers = [_driver] });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_driver is not null)
        {
            await _driver.DisposeAsync();
        }
    }

    /// <summary>What a driver with these options speaks.</summary>
    internal static Protocols MakeProtocols(InProcessOptions options, TimeProvider timeProvider) => new([
        new Dhcpv4Protocol(new()
        {
            IsAuthoritative = options.Authoritative,
            AllowsRapidCommit = options.RapidCommit,
            DeclineQuarantine = options.DeclineQuarantine,
            ConflictProbe = options.ConflictProbe,
        }),
        new V6Protocol(),
        new AdvertisementProtocol(timeProvider),
    ]);
}
