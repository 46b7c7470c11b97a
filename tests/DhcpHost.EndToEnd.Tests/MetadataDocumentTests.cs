using System.Net;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>cloud-init's documents without OpenStack, from a policy script and files, by the whole product.</summary>
public sealed class MetadataDocumentTests : EndToEndTest
{
    public MetadataDocumentTests()
        : base("""
            [defaults]
            metadata_driver = "metadata"
            metadata = "forced"

            [drivers.metadata]
            mode = "documents"
            """)
    {
    }

    [Fact]
    public async Task A_script_says_what_instances_are_told_and_a_changed_script_is_in_force_without_a_restart()
    {
        Host.WriteScript("policies/instance-metadata", """Decide(c => c.Default with { UserData = $"#cloud-config\nhostname: {c.Port.DnsName}\n" });""");
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml(reservations: 2));
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        using var one = await AddInstanceAsync("10.77.0.101");
        using var two = await AddInstanceAsync("10.77.0.102");

        Assert.Equal("#cloud-config\nhostname: vm1\n", await GetAsync(one, "latest/user-data"));
        Assert.Equal("#cloud-config\nhostname: vm2\n", await GetAsync(two, "openstack/latest/user_data"));
        Assert.Equal("vm2", await GetAsync(two, "latest/meta-data/hostname"));

        Host.WriteScript("policies/instance-metadata", """Decide(c => c.Default with { UserData = "changed" });""");
        await Eventually.TrueAsync(async () => await GetAsync(one, "latest/user-data") == "changed", HostProcess.Deadline, Token);

        // What instances are told may be secret: it is in no event.
        Assert.DoesNotContain(
            await Host.EventsAsync(Token),
            item => item.Message.Contains("cloud-config", StringComparison.Ordinal)
                || (item.Details ?? "").Contains("cloud-config", StringComparison.Ordinal));

        var directory = Directory.CreateDirectory(Path.Combine(Host.Root, "metadata", id.Value)).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "user-data"), "of a file", Token);
        Assert.Equal("of a file", await GetAsync(two, "latest/user-data"));
    }

    private async Task<LabStation> AddInstanceAsync(string address)
    {
        var station = await AddStationAsync(Host.Bridge);
        station.Netlink.Execute(batch => batch
            .AddAddress(new(station.Link.Index, IPAddress.Parse(address), 24))
            .AddRoute(new(IPNetwork.Parse("169.254.169.254/32"), IPAddress.Parse("10.77.0.2"), station.Link.Index)));
        return station;
    }

    private async Task<string> GetAsync(LabStation station, string path) => (await Lab.Spawner.RunToEndAsync(
        station.Namespace, new("/usr/bin/curl", ["-sS", "--max-time", "30", $"http://169.254.169.254/{path}"]), HostProcess.Deadline, 1 << 16, Token)).Output;
}
