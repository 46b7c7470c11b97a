using System.Buffers.Binary;
using System.Security.Cryptography;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>The dnsmasq plugin's DLL replaced under a running host with three networks.</summary>
public sealed class PluginTests : EndToEndTest
{
    private const string Assembly = "DhcpHost.Plugin.Dnsmasq.dll";

    private NetworkId[] _ids = [];

    private string PluginFolder => Path.Combine(Host.Root, "plugins", "dnsmasq");

    private string AssemblyPath => Path.Combine(PluginFolder, Assembly);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Host.CopyPlugins();
        _ids = [.. Enumerable.Range(0, 3).Select(_ => Host.NewNetworkId())];
        foreach (var id in _ids)
        {
            Host.WriteNetwork(id, Host.NetworkToml());
        }

        // One of them has a wire of its own, for a client.
        Host.WriteNetwork(_ids[0], Host.NetworkToml().Replace(Host.Bridge, Lab.NewName("c"), StringComparison.Ordinal));
        await Host.StartSyncedAsync(Token);
        await AssertAllReadyAsync();
    }

    [Fact]
    public async Task Another_build_of_the_driver_takes_over_with_every_server_untouched_and_serves_the_next_change()
    {
        var servers = Host.Servers();
        Assert.Equal(3, servers.Count);
        var build = AnotherBuild(1);

        Replace(build);

        var swapped = await Host.WaitForEventAsync("plugin.swapped", _ => true, Token);
        Assert.Contains("dnsmasq", swapped.Message, StringComparison.Ordinal);
        var plugin = await PluginAsync();
        Assert.Equal((PluginState.Ready, 1), (plugin.State, plugin.Swaps));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(build)), plugin.Sha256, ignoreCase: true);
        await AssertAllReadyAsync();
        Assert.Equal(servers, Host.Servers());

        await AssertNextChangeIsServedAsync();
        Assert.Equal(servers.Except(Host.Servers(_ids[0])), Host.Servers().Except(Host.Servers(_ids[0])));
    }

    [Fact]
    public async Task Versions_that_follow_each_other_are_swapped_one_by_one_and_their_code_goes()
    {
        var servers = Host.Servers();
        for (var version = 1; version <= 3; version++)
        {
            var manifest = await File.ReadAllTextAsync(Path.Combine(PluginFolder, "plugin.toml"), Token);
            var name = $"0.99.{version}";
            var next = Path.Combine(Host.Root, "next.toml");
            await File.WriteAllTextAsync(next, System.Text.RegularExpressions.Regex.Replace(manifest, "(?m)^version = \".*\"", $"version = \"{name}\""), Token);
            File.Move(next, Path.Combine(PluginFolder, "plugin.toml"), overwrite: true);
            Replace(AnotherBuild(version));

            await Eventually.TrueAsync(async () => await PluginAsync() is { State: PluginState.Ready } now && now.Version == name && now.Sha256 is { } hash
                && hash.Equals(Convert.ToHexString(SHA256.HashData(AnotherBuild(version))), StringComparison.OrdinalIgnoreCase), HostProcess.Deadline, Token);
        }

        await AssertAllReadyAsync();
        Assert.Equal(servers, Host.Servers());
        await AssertNextChangeIsServedAsync();
        Assert.DoesNotContain(await Host.EventsAsync(Token), item => item.Kind is "plugin.failed");
        await Eventually.TrueAsync(() => LoadedCopies().Count == 1, HostProcess.Deadline, Token, "the code of the old versions is unmapped");
    }

    [Fact]
    public async Task Garbage_in_place_of_the_driver_is_refused_with_a_reason_and_the_old_version_serves_on()
    {
        var servers = Host.Servers();
        var good = await File.ReadAllBytesAsync(AssemblyPath, Token);
        var garbage = new byte[4096];
        new Random(20261122).NextBytes(garbage);

        Replace(garbage);

        var failed = await Host.WaitForEventAsync("plugin.failed", _ => true, Token);
        Assert.Contains("runs on", failed.Message, StringComparison.Ordinal);
        Assert.Contains(Assembly, failed.Message, StringComparison.Ordinal);
        var plugin = await PluginAsync();
        Assert.Equal((PluginState.Ready, 0), (plugin.State, plugin.Swaps));
        Assert.Contains("refused", plugin.Message, StringComparison.Ordinal);
        Assert.Contains(Assembly, await Host.RunAsync(Token, "plugins", "--json"), StringComparison.Ordinal);
        await AssertAllReadyAsync();
        Assert.Equal(servers, Host.Servers());
        await AssertNextChangeIsServedAsync();

        // Put back what was there: nothing is to be said any more.
        Replace(good);
        await Eventually.TrueAsync(async () => !(await PluginAsync()).Message!.Contains("refused", StringComparison.Ordinal), HostProcess.Deadline, Token);
    }

    private async Task<PluginStatus> PluginAsync() =>
        (await Host.TryGetAsync<PluginStatus[]>("/v1/plugins", Token))!.Single(plugin => plugin.Id == new PluginId("dnsmasq"));

    /// <summary>The files of the plugin's assembly that the host's process has mapped: one for each version whose code is there.</summary>
    private HashSet<string> LoadedCopies() =>
        [.. File.ReadLines($"/proc/{Host.ProcessId}/maps").Where(line => line.Contains(Assembly, StringComparison.Ordinal)).Select(
            line => line[line.IndexOf('/', StringComparison.Ordinal)..])];

    private async Task AssertAllReadyAsync()
    {
        foreach (var id in _ids)
        {
            _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        }
    }

    /// <summary>A reservation that is added now is what a client gets.</summary>
    private async Task AssertNextChangeIsServedAsync()
    {
        var bridge = System.Text.RegularExpressions.Regex.Match(
            await File.ReadAllTextAsync(Path.Combine(Host.NetworksDirectory, $"{_ids[0]}.toml"), Token),
            "bridge = \"(.*)\"").Groups[1].Value;
        Host.WriteNetwork(_ids[0], Host.NetworkToml(reservations: 2).Replace(Host.Bridge, bridge, StringComparison.Ordinal));
        await Eventually.TrueAsync(
            async () => await Host.StatusAsync(_ids[0], Token) is { Phase: NetworkPhase.Ready, IsInSync: true } status
                && status.Servers[0].LastAction is ApplyAction.Reloaded or ApplyAction.Restarted,
            HostProcess.Deadline, Token);
        using var station = await AddStationAsync(bridge, "fa:16:3e:77:00:02");
        await using var client = new UdhcpcClient(Lab, station);
        Assert.Equal(System.Net.IPAddress.Parse("10.77.0.102"), (await client.LeaseAsync(Token)).Address);
        await AssertAllReadyAsync();
    }

    /// <summary>
    /// The same code with another time stamp in its PE header (Microsoft PE and COFF Specification, 3.3): what another build of it differs in.
    /// </summary>
    private static byte[] AnotherBuild(int number)
    {
        const int HeaderOffset = 0x3c;
        const int TimeDateStamp = 8;
        var bytes = File.ReadAllBytes(Path.Combine(Product.Plugins, "dnsmasq", Assembly));
        var stamp = bytes.AsSpan(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(HeaderOffset)) + TimeDateStamp);
        BinaryPrimitives.WriteInt32LittleEndian(stamp, BinaryPrimitives.ReadInt32LittleEndian(stamp) + number);
        return bytes;
    }

    /// <summary>As a careful deployer does it: written elsewhere, renamed into place.</summary>
    private void Replace(byte[] assembly)
    {
        var next = Path.Combine(Host.Root, "next.dll");
        File.WriteAllBytes(next, assembly);
        File.Move(next, AssemblyPath, overwrite: true);
    }
}
