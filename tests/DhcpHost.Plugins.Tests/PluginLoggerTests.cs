using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugins.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugins.Tests;

/// <summary>What of a plugin's log lines reaches the host's log.</summary>
public sealed class PluginLoggerTests
{
    [Fact]
    public void Log_ValuesAndException_ArriveAsTextAndPlainValuesUnderThePluginsCategory()
    {
        var host = new RecordingLoggerFactory();
        using var factory = new PluginLoggerFactory(host, new PluginId("mine"));
        var thing = new Thing();
        factory.CreateLogger("Part").LogWarning(new OddException("odd"), "A {Thing} and {Count}", thing, 3);
        Assert.Equal("Plugin.mine.Part", host.Category);
        Assert.Equal("A thing text and 3", host.Text);
        Assert.Equal(
            [("Thing", "thing text"), ("Count", 3), ("{OriginalFormat}", "A {Thing} and {Count}")], host.Values.Select(value => (value.Key, value.Value!)));
        Assert.IsNotType<OddException>(host.Exception);
        Assert.Contains(nameof(OddException), host.Exception!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddProvider_IsRefused()
    {
        using var factory = new PluginLoggerFactory(NullLoggerFactory.Instance, new PluginId("mine"));
        Assert.Throws<NotSupportedException>(() => factory.AddProvider(NullLoggerProvider.Instance));
    }

    private sealed class Thing
    {
        public override string ToString() => "thing text";
    }

    private sealed class OddException(string message) : Exception(message);
}
