using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using TestPlugins.Library;

namespace TestPlugins.NeedsLibrary;

/// <summary>Offers a driver whose version is that of its own library.</summary>
public sealed class NeedsLibraryPlugin : IPlugin
{
    /// <inheritdoc/>
    public Type OptionsType => typeof(object);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new PluginContents { InterfaceDrivers = [new LibraryDriver()] });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class LibraryDriver : IInterfaceDriver
    {
        public DriverInfo Info { get; } = new(new DriverId("library"), LibraryVersion.Text, PluginContract.Version);

        public DriverCapabilities Capabilities { get; } = new();

        public async IAsyncEnumerable<DriverEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new DriverEvent.HealthChanged(new(true, LibraryVersion.Text));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        public Task<InterfaceApplyResult> ApplyAsync(InterfacePlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<ApplyPreview> PreviewAsync(InterfacePlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DriverHandle>>([]);
    }
}
