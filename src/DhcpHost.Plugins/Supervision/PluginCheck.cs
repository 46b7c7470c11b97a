using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;
using DhcpHost.Plugins.Loading;
using DhcpHost.Plugins.Manifests;
using DhcpHost.Plugins.Packages;

namespace DhcpHost.Plugins.Supervision;

/// <summary>Loads a plugin and checks its options, without starting it.</summary>
internal sealed class PluginCheck(PluginRuntime runtime)
{
    public async Task<PluginFinding> RunAsync(PluginId id, string folder, CancellationToken cancellationToken)
    {
        var status = new PluginStatus { Id = id, Directory = folder, State = PluginState.Discovered, Since = runtime.TimeProvider.GetUtcNow() };
        PluginPackage package;
        try
        {
            package = await Task.Run(() => runtime.Packages.Read(folder), cancellationToken);
        }
        catch (PluginLoadException exception)
        {
            return new(status with { State = PluginState.Failed, Message = exception.Message }, Kind: null, []);
        }

        status = status with { Version = package.Manifest.Version, Sha256 = package.AssemblySha256 };
        return IsUsed(package.Manifest)
            ? await LoadAsync(status, package, cancellationToken)
            : new(status with { Message = $"not used: add [sources.{id}] to host.toml to use it" }, package.Manifest.Kind, []);
    }

    private bool IsUsed(PluginManifest manifest) => manifest.Kind == PluginKind.Driver || runtime.Tables.Has(manifest.Kind, manifest.Id);

    private async Task<PluginFinding> LoadAsync(PluginStatus status, PluginPackage package, CancellationToken cancellationToken)
    {
        var code = new PluginCode(new((_, _) => { }));
        try
        {
            var options = runtime.Tables.View(package.Manifest.Kind, status.Id);
            _ = await BoundedCall.RunAsync(
                $"plugin {status.Id} check", _ =>
                    code.CheckAsync(package, options), runtime.Settings.StartTime(), runtime.TimeProvider, late: null, cancellationToken);
            _ = await BoundedCall.RunAsync(
                $"plugin {status.Id} end", _ => code.EndAsync(), runtime.Settings.EndTime, runtime.TimeProvider, late: null, cancellationToken);
            return new(status, package.Manifest.Kind, []);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The boundary to the plugin: whatever it throws is what the check found.
            var failure = PluginFailure.From(exception, "while it was checked");
            return new(status with { State = PluginState.Failed, Message = failure.Message }, package.Manifest.Kind, failure.OptionErrors);
        }
        finally
        {
            _ = code.Unload();
            package.Delete();
        }
    }
}
