using System.Buffers.Binary;
using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>The metadata plugin, with its web server, replaced under a running host.</summary>
public sealed class MetadataPluginTests : EndToEndTest
{
    private const string Assembly = "DhcpHost.Plugin.Metadata.dll";

    public MetadataPluginTests()
        : base("""
            [defaults]
            metadata_driver = "metadata"
            metadata = "forced"

            [drivers.metadata]
            metadata_proxy_socket = "agent.sock"
            """)
    {
    }

    private string AssemblyPath => Path.Combine(Host.Root, "plugins", "metadata", Assembly);

    [Fact]
    public async Task Builds_that_follow_each_other_serve_on_and_the_code_of_the_old_ones_goes()
    {
        foreach (var file in Directory.EnumerateFiles(Product.Plugins, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Host.Root, "plugins", Path.GetRelativePath(Product.Plugins, file));
            _ = Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Host.EditConfig($"directories = [\"{Product.Plugins}\"]", "directories = [\"plugins\"]");
        await using var agent = RecordingUpstream.OnSocket(Path.Combine(Host.Root, "agent.sock"));
        NetworkId[] ids = [Host.NewNetworkId(), Host.NewNetworkId()];
        Host.WriteNetwork(ids[0], Host.NetworkToml());
        Host.WriteNetwork(ids[1], Host.NetworkToml().Replace(Host.Bridge, Lab.NewName("c"), StringComparison.Ordinal));
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(ids[0], NetworkPhase.Ready, Token);
        using var station = await AddStationAsync(Host.Bridge);
        station.Netlink.Execute(batch => batch
            .AddAddress(new(station.Link.Index, IPAddress.Parse("10.77.0.101"), 24))
            .AddRoute(new(IPNetwork.Parse("169.254.169.254/32"), IPAddress.Parse("10.77.0.2"), station.Link.Index)));
        Assert.Equal("200", await StatusAsync(station));

        for (var number = 1; number <= 3; number++)
        {
            Replace(number);
            await Eventually.TrueAsync(
                async () => (await Host.TryGetAsync<PluginStatus[]>("/v1/plugins", Token))!.Single(
                    plugin => plugin.Id == new PluginId("metadata")) is { State: PluginState.Ready } plugin && plugin.Swaps == number,
                HostProcess.Deadline, Token);
            await Eventually.TrueAsync(async () => await StatusAsync(station) == "200", HostProcess.Deadline, Token);
        }

        foreach (var id in ids)
        {
            _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        }

        Assert.DoesNotContain(await Host.EventsAsync(Token), item => item.Kind is "plugin.failed");
        await Eventually.TrueAsync(() => LoadedCopies().Count == 1, HostProcess.Deadline, Token, "the code of the old versions is unmapped");
    }

    /// <summary>The files of the plugin's assembly that the host's process has mapped: one for each version whose code is there.</summary>
    private HashSet<string> LoadedCopies() =>
        [.. File.ReadLines($"/proc/{Host.ProcessId}/maps").Where(line => line.Contains(Assembly, StringComparison.Ordinal)).Select(
            line => line[line.IndexOf('/', StringComparison.Ordinal)..])];

    /// <summary>The same code with another time stamp in its PE header, renamed into place.</summary>
    private void Replace(int number)
    {
        const int HeaderOffset = 0x3c;
        const int TimeDateStamp = 8;
        var bytes = File.ReadAllBytes(Path.Combine(Product.Plugins, "metadata", Assembly));
        var stamp = bytes.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(HeaderOffset)) + TimeDateStamp);
        BinaryPrimitives.WriteInt32LittleEndian(stamp, BinaryPrimitives.ReadInt32LittleEndian(stamp) + number);
        var next = Path.Combine(Host.Root, "next.dll");
        File.WriteAllBytes(next, bytes);
        File.Move(next, AssemblyPath, overwrite: true);
    }

    private async Task<string> StatusAsync(LabStation station) => (await Lab.Spawner.RunToEndAsync(
        station.Namespace, new(
            "/usr/bin/curl",
            ["-s", "--max-time", "30", "-o", "/dev/null", "-w", "%{http_code}", "http://169.254.169.254/"]), HostProcess.Deadline, 4096, Token)).Output;
}
