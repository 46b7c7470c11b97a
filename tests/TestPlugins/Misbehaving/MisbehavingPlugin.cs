using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;

namespace TestPlugins.Misbehaving;

/// <summary>Does wrong what <see cref="Behaviour"/> says.</summary>
public sealed partial class MisbehavingPlugin : IPlugin
{
    private static readonly ManualResetEventSlim Never = new();
    private static Timer? _leak;
    private readonly List<MisbehavingDriver> _drivers = [];

    static MisbehavingPlugin()
    {
        if (Behaviour.Is("throw-in-static-constructor"))
        {
            throw new InvalidOperationException("the static constructor did it");
        }
    }

    /// <inheritdoc cref="IPlugin"/>
    public MisbehavingPlugin()
    {
        switch (Behaviour.Name)
        {
            case "throw-in-constructor":
                throw new InvalidOperationException("the constructor did it");
            case "block-in-constructor":
                Never.Wait();
                break;
        }
    }

    /// <inheritdoc/>
    public Type OptionsType => Behaviour.Name switch
    {
        "options-without-constructor" => typeof(Stubborn),
        "no-options" => null!,
        _ => typeof(MisbehavingOptions),
    };

    /// <inheritdoc/>
    public async ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        var logger = context.LoggerFactory.CreateLogger("misbehaving");
        LogOwn(logger, new OwnThing(), new OwnException("logged"));
        switch (Behaviour.Name)
        {
            case "throw-in-start":
                throw new OwnException("the start did it");
            case "block-in-start":
                Never.Wait(CancellationToken.None);
                break;
            case "hang-in-start":
                await new TaskCompletionSource().Task;
                break;
            case "obey-in-start":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                break;
            case "leak-timer":
                _leak = new Timer(_ => GC.KeepAlive(_leak), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
                break;
            case "null-contents":
                return null!;
            case "null-driver":
                return new() { MetadataDrivers = [null!] };
            case "no-drivers":
                return new();
            case "source":
                return new() { NetworkSources = [new IdleSource(context.Id)] };
            case "missing-member":
                throw new MissingMethodException("IPluginContext", "TomorrowsMember");
        }

        _drivers.Add(new(((MisbehavingOptions)options).DriverId, ((MisbehavingOptions)options).Health));
        if (Behaviour.Is("duplicate-drivers"))
        {
            _drivers.Add(new(((MisbehavingOptions)options).DriverId, ""));
        }

        return new() { MetadataDrivers = [.. _drivers.Cast<IMetadataDriver>()] };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _drivers.ForEach(driver => driver.Dispose());
        return Behaviour.Name switch
        {
            "throw-in-dispose" or "throw-in-start" => throw new OwnException("the end did it"),
            _ => ValueTask.CompletedTask,
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "Own {Thing}")]
    private static partial void LogOwn(ILogger logger, OwnThing thing, Exception exception);

    /// <summary>A type that a log must not keep.</summary>
    private sealed class OwnThing;

    /// <summary>Options that nobody can make.</summary>
    private sealed class Stubborn(string name)
    {
        public string Name { get; } = name;
    }
}
