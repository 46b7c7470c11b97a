using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Files.Tests;

/// <summary>A directory of networks for one test, and the context of a plugin that reads it.</summary>
internal sealed class NetworkFolder : IPluginContext, IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("dhcphost-files-").FullName;

    public NetworkFolder() => Directory.CreateDirectory(Path);

    public string Path => System.IO.Path.Combine(_root, "networks");

    public PluginId Id => new("files");

    public string HostName => "host-a";

    public string StateDirectory => _root;

    public string ConfigDirectory => _root;

    public TimeProvider TimeProvider => TimeProvider.System;

    public ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes as editors do that open the file itself.</summary>
    public void WriteInPlace(string name, string text) => File.WriteAllText(FileOf(name), text);

    /// <summary>Writes as deployments do: beside it, then renamed over it.</summary>
    public void Deploy(string name, string text)
    {
        var temporary = FileOf($".{name}.new");
        File.WriteAllText(temporary, text);
        File.Move(temporary, FileOf(name), overwrite: true);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
