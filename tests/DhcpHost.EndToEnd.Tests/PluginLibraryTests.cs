using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>Plugins that bring another build of a library than the host has, whose code was compiled ahead together with the framework's.</summary>
public sealed class PluginLibraryTests : EndToEndTest
{
    [Theory]
    [InlineData("files", "DhcpHost.Toml.dll")]
    [InlineData("dnsmasq", "DhcpHost.Linux.dll")]
    [InlineData("bridge", "DhcpHost.Linux.dll")]
    public async Task Another_build_of_a_library_of_the_hosts_is_the_plugins_own_and_works(string plugin, string library)
    {
        Host.CopyPlugins();
        var path = Path.Combine(Host.Root, "plugins", plugin, library);
        await File.WriteAllBytesAsync(path, AnotherBuild(await File.ReadAllBytesAsync(path, Token)), Token);
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml(reservations: 2));

        await Host.StartSyncedAsync(Token);

        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        Assert.True(IsLoaded(plugin, library));
        using var station = await AddStationAsync(Host.Bridge, "fa:16:3e:77:00:02");
        await using var client = new UdhcpcClient(Lab, station);
        Assert.Equal(System.Net.IPAddress.Parse("10.77.0.102"), (await client.LeaseAsync(Token)).Address);
    }

    /// <summary>Whether the host has the plugin's file of the library mapped.</summary>
    private bool IsLoaded(string plugin, string library) =>
        File.ReadLines($"/proc/{Host.ProcessId}/maps").Any(
            line => line.EndsWith(library, StringComparison.Ordinal) && line.Contains($"/{plugin}", StringComparison.Ordinal));

    /// <summary>The same code with another module version id (ECMA-335, II.22.30), which is what a runtime tells builds apart by.</summary>
    private static byte[] AnotherBuild(byte[] image)
    {
        using var reader = new PEReader(new MemoryStream(image));
        var metadata = reader.GetMetadataReader();
        var at = image.AsSpan().IndexOf(metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToByteArray());
        Assert.True(at > 0);
        image[at] ^= 0xff;
        return image;
    }
}
