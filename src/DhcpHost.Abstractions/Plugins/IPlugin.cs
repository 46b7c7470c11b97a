namespace DhcpHost.Abstractions.Plugins;

/// <summary>A plugin's one entry: a public class with a public constructor without parameters, which has no effects.</summary>
/// <remarks>
/// Order of calls: constructor, <see cref="OptionsType"/>, <see cref="StartAsync"/>, use, <see cref="IAsyncDisposable.DisposeAsync"/>. It
/// is disposed also when the start failed.
/// </remarks>
public interface IPlugin : IAsyncDisposable
{
    /// <summary>
    /// A class with a parameterless constructor whose properties are the keys of the plugin's table in <c>host.toml</c> (snake_case), with
    /// DataAnnotations as their rules. An unknown key is an error with its place.
    /// </summary>
    Type OptionsType { get; }

    /// <summary>Makes the plugin ready and says what it offers. Fast: what takes time shows in health.</summary>
    /// <param name="context">What the host gives it.</param>
    /// <param name="options">An <see cref="OptionsType"/>, bound and checked.</param>
    /// <param name="cancellationToken">Cancelled at the deadline (<c>limits.plugin_start_time</c>).</param>
    /// <exception cref="Failures.DhcpHostException">It cannot work; the plugin is Failed with this message.</exception>
    ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken);
}
