using System.Reflection;
using System.Runtime.Loader;
using DhcpHost.Plugins.Checks;
using DhcpHost.Toml;

namespace DhcpHost.Plugins.Tests;

/// <summary>A plugin runs the host's build of a library where its own copy is the same, and its own one where it is not.</summary>
public sealed class HostLibrariesTests
{
    private const string Library = "DhcpHost.Toml";

    private static Assembly Own => typeof(TomlDocument).Assembly;

    private static Guid OwnBuild => Own.ManifestModule.ModuleVersionId;

    private static Guid ParserBuild => Assembly.Load("Tomlyn").ManifestModule.ModuleVersionId;

    [Fact]
    public async Task A_copy_of_the_hosts_build_is_not_loaded_again() => Assert.Same(Own, await LoadedByFilesAsync(image => image));

    [Fact]
    public async Task A_copy_of_another_build_is_the_plugins_own()
    {
        var loaded = await LoadedByFilesAsync(WithAnotherBuild);
        Assert.NotSame(Own, loaded);
        Assert.Equal(Library, loaded.GetName().Name);
    }

    [Fact]
    public void A_library_is_the_hosts_only_with_all_that_it_needs()
    {
        var whole = new HostLibraries();
        whole.Add(Library, OwnBuild, ["Tomlyn"]);
        whole.Add("Tomlyn", ParserBuild, []);
        Assert.Equal([Library, "Tomlyn"], whole.FindSame().Select(name => name.Name));

        var other = new HostLibraries();
        other.Add(Library, OwnBuild, ["Tomlyn"]);
        other.Add("Tomlyn", Guid.NewGuid(), []);
        Assert.Empty(other.FindSame());
    }

    [Fact]
    public void Libraries_that_are_not_the_products_are_never_the_hosts()
    {
        var libraries = new HostLibraries();
        var loader = typeof(McMaster.NETCore.Plugins.PluginLoader).Assembly;
        libraries.Add(loader.GetName().Name!, loader.ManifestModule.ModuleVersionId, []);
        Assert.Empty(libraries.FindSame());
    }

    /// <summary>The library as the plugin <c>files</c> has it.</summary>
    private static async Task<Assembly> LoadedByFilesAsync(Func<byte[], byte[]> change)
    {
        await using var lab = new PluginLab();
        lab.Install("DhcpHost.Plugin.Files", "files", "DhcpHost.Plugin.Files.dll", more: "kind = \"source\"");
        lab.Write("files", $"{Library}.dll", change(await File.ReadAllBytesAsync(Own.Location, PluginLab.Token)));
        lab.Settings = lab.Settings with { Tables = PluginLab.Tables("[sources.files]\n") };
        await lab.StartAsync();
        var source = Assert.Single(lab.Registry.Sources);
        return AssemblyLoadContext.GetLoadContext(source.GetType().Assembly)!.LoadFromAssemblyName(new(Library));
    }

    private static byte[] WithAnotherBuild(byte[] image)
    {
        var at = image.AsSpan().IndexOf(OwnBuild.ToByteArray());
        Assert.True(at > 0);
        image[at] ^= 0xff;
        return image;
    }
}
