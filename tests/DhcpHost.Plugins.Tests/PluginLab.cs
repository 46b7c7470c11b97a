using System.Security.Cryptography;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Testing;
using DhcpHost.Testing.Fakes;
using DhcpHost.Toml;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugins.Tests;

/// <summary>A plugin host with directories of its own, and the means to put plugins there.</summary>
internal sealed class PluginLab : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("dhcphost-plugins-").FullName;
    private PluginHost? _host;

    public PluginLab()
    {
        Plugins = Directory.CreateDirectory(Path.Combine(_root, "plugins")).FullName;
        Settings = new()
        {
            ConfigDirectory = _root,
            StateDirectory = Path.Combine(_root, "state"),
            CacheDirectory = Path.Combine(_root, "cache"),
            HostName = "lab",
            Options = new() { Watch = false },
        };
    }

    public string Plugins { get; }

    public string Root => _root;

    public PluginHostSettings Settings { get; set; }

    public FakeEventLog Events { get; } = new();

    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    public PluginHost Host => _host ?? throw new InvalidOperationException("Start it first.");

    public IDriverRegistry Registry => Host.Registry;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static PluginTables Tables(string toml)
    {
        var parsed = TomlDocument.Parse(toml, "host.toml");
        Assert.Empty(parsed.Errors);
        return PluginTables.Of(parsed.Document!);
    }

    /// <summary>The private copies that the host has now.</summary>
    public IReadOnlyList<string> Copies => [.. Directory.GetDirectories(Settings.CacheDirectory).SelectMany(Directory.GetDirectories)];

    public string Folder(string id) => Path.Combine(Plugins, id);

    public PluginStatus Status(string id) => Host.Plugins.Single(plugin => plugin.Id.Value == id);

    /// <summary>Starts with all plugins, or with some first.</summary>
    public async Task StartAsync(params string[] first)
    {
        _host = new(Settings, Events, LoggerFactory, TimeProvider);
        await _host.StartAsync(first is [] ? null : first.Select(id => new PluginId(id)).ToHashSet(), Token);
    }

    /// <summary>Starts with one plugin that misbehaves, and tells how it is.</summary>
    public async Task<PluginStatus> StartMisbehavingAsync(string behaviour, TimeSpan? startTime = null)
    {
        InstallMisbehaving(behaviour);
        Settings = startTime is { } time ? Settings with { StartTime = () => time } : Settings;
        await StartAsync();
        return Status("misbehaving");
    }

    public void InstallMisbehaving(string behaviour, string id = "misbehaving")
    {
        Install("TestPlugins.Misbehaving", id, "TestPlugins.Misbehaving.dll");
        Write(id, "behaviour.txt", behaviour);
    }

    public void InstallSample(int version) =>
        Install(version == 1 ? "TestPlugins.Sample" : "TestPlugins.SampleV2", "sample", "TestPlugins.Sample.dll", $"{version}.0.0");

    /// <summary>Copies a project's output into a plugin's folder, over what is there.</summary>
    public void Install(string project, string id, string assembly, string version = "1.0.0", string more = "")
    {
        _ = Directory.CreateDirectory(Folder(id));
        foreach (var file in Directory.EnumerateFiles(TestPluginFiles.FolderOf(project)).Where(file => !file.EndsWith(".xml", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(Folder(id), Path.GetFileName(file)), overwrite: true);
        }

        WriteManifest(id, assembly, version, more);
    }

    /// <summary>Makes a plugin's folder from one file.</summary>
    public void InstallBytes(string id, byte[] assembly, string more = "")
    {
        Write(id, $"{id}.dll", assembly);
        WriteManifest(id, $"{id}.dll", more: more);
    }

    public void WriteManifest(string id, string assembly, string version = "1.0.0", string more = "") => Write(
        id, "plugin.toml", $"id = \"{id}\"\nversion = \"{version}\"\ncontract = \"1.0\"\nassembly = \"{assembly}\"\n{more}\n");

    public void Write(string id, string file, string text) => Write(id, file, System.Text.Encoding.UTF8.GetBytes(text));

    public void Write(string id, string file, byte[] content)
    {
        _ = Directory.CreateDirectory(Folder(id));
        File.WriteAllBytes(Path.Combine(Folder(id), file), content);
    }

    public string Hash(string id, string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder(id), file))));

    public async Task<IReadOnlyList<HostEvent>> EventsAsync(string kind) =>
        [.. (await Events.ListAsync(null, 10000, Token)).Where(item => item.Kind == kind)];

    public Task BecomesAsync(string id, Func<PluginStatus, bool> condition, string what) =>
        Eventually.TrueAsync(() => Host.Plugins.Any(plugin => plugin.Id == new PluginId(id) && condition(plugin)), cancellationToken: Token, what: what);

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (Directory.Exists(Settings.CacheDirectory))
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(Settings.CacheDirectory));
        }

        Directory.Delete(_root, recursive: true);
    }
}
