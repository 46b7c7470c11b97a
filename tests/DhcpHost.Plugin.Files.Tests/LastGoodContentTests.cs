using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.Files.Tests;

/// <summary>What a source that starts anew makes of files that an earlier one read.</summary>
public sealed class LastGoodContentTests : IDisposable
{
    private const string Simple = "[[subnets]]\ncidr = \"10.0.0.0/24\"\n";
    private const string Broken = "[[subnets]\n";

    private readonly NetworkFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_broken_at_the_start_keeps_the_content_that_an_earlier_host_served()
    {
        _folder.WriteInPlace("lab.toml", Simple + "name = \"served\"\n");
        var before = await ServeAsync();
        _folder.WriteInPlace("lab.toml", Broken);
        await using var source = new FilesNetworkSource(_folder, new());

        Assert.Equal(before, await ListAsync(source));
        Assert.Contains("networks/lab.toml:1:", Assert.Single((await HealthAsync(source)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_symbolic_link_that_leads_nowhere_keeps_the_content_that_was_served_and_is_told()
    {
        _folder.WriteInPlace("lab.toml.real", Simple);
        _ = File.CreateSymbolicLink(_folder.FileOf("lab.toml"), "lab.toml.real");
        var before = await ServeAsync();
        File.Delete(_folder.FileOf("lab.toml.real"));

        await using (var source = new FilesNetworkSource(_folder, new()))
        {
            Assert.Equal(before, await ListAsync(source));
            Assert.Equal(
                "networks/lab.toml:1:1: cannot be read: it is a symbolic link to 'lab.toml.real', which is not there",
                Assert.Single((await HealthAsync(source)).Problems));
        }

        File.Delete(_folder.FileOf("lab.toml"));
        await using var later = new FilesNetworkSource(_folder, new());
        Assert.Empty(await ListAsync(later));
    }

    [Fact]
    public async Task A_file_whose_name_is_not_UTF_8_is_told_until_it_is_renamed()
    {
        _folder.WriteInPlace("good.toml", Simple);
        using (var shell = System.Diagnostics.Process.Start("bash", ["-c", $"cp '{_folder.FileOf("good.toml")}' '{_folder.Path}/'$'l\\xffb.toml'"]))
        {
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, shell.ExitCode);
        }

        await using var source = new FilesNetworkSource(_folder, new() { RemovalDelay = TimeSpan.Zero });
        Assert.Single(await ListAsync(source));
        Assert.Equal(
            "networks/l\uFFFDb.toml:1:1: cannot be read: its name is not UTF-8; rename the file", Assert.Single((await HealthAsync(source)).Problems));

        using (var shell = System.Diagnostics.Process.Start("bash", ["-c", $"rm '{_folder.Path}'/l*.toml"]))
        {
            await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Single(await ListAsync(source));
        Assert.Empty((await HealthAsync(source)).Problems);
    }

    [Fact]
    public async Task A_directory_that_is_not_there_at_the_start_keeps_the_networks_that_an_earlier_host_served()
    {
        _folder.WriteInPlace("lab.toml", Simple);
        var before = await ServeAsync();
        Directory.Move(_folder.Path, _folder.Path + ".away");
        await using var source = new FilesNetworkSource(_folder, new());

        Assert.Equal(before, await ListAsync(source));
        Assert.False((await HealthAsync(source)).IsHealthy);

        Directory.Move(_folder.Path + ".away", _folder.Path);
        _folder.WriteInPlace("more.toml", Simple);
        Assert.Equal(["lab", "more"], (await ListAsync(source)).Select(network => network.Id.Value));
        Assert.True((await HealthAsync(source)).IsHealthy);
    }

    [Fact]
    public async Task A_file_that_was_removed_while_no_host_ran_is_a_removed_network_even_if_a_broken_one_takes_its_name_later()
    {
        _folder.WriteInPlace("lab.toml", Simple);
        _ = await ServeAsync();
        File.Delete(_folder.FileOf("lab.toml"));
        Assert.Empty(await ServeAsync());
        _folder.WriteInPlace("lab.toml", Broken);

        await using var source = new FilesNetworkSource(_folder, new());

        Assert.Empty(await ListAsync(source));
    }

    [Fact]
    public async Task A_file_that_was_removed_while_a_host_ran_is_not_remembered()
    {
        _folder.WriteInPlace("lab.toml", Simple);
        await using (var source = new FilesNetworkSource(_folder, new() { RemovalDelay = TimeSpan.Zero }))
        {
            source.Start();
            await source.ReportStatusAsync(new(DateTimeOffset.UnixEpoch, 0, 0, 0, null), TestContext.Current.CancellationToken);
            Assert.Single(await ListAsync(source));
            File.Delete(_folder.FileOf("lab.toml"));
            await Eventually.TrueAsync(async () => (await ListAsync(source)).Count == 0, cancellationToken: TestContext.Current.CancellationToken);
        }

        _folder.WriteInPlace("lab.toml", Broken);
        await using var later = new FilesNetworkSource(_folder, new());
        Assert.Empty(await ListAsync(later));
    }

    [Fact]
    public async Task Copies_of_another_directory_do_not_count()
    {
        _folder.WriteInPlace("lab.toml", Simple);
        _ = await ServeAsync();
        Directory.CreateDirectory(_folder.Path + "2");
        await File.WriteAllTextAsync(Path.Combine(_folder.Path + "2", "lab.toml"), Broken, TestContext.Current.CancellationToken);

        await using var source = new FilesNetworkSource(_folder, new() { Directory = "networks2" });

        Assert.Empty(await ListAsync(source));
    }

    [Fact]
    public async Task Copies_are_written_while_the_host_runs_and_only_by_one_that_serves()
    {
        var copies = Path.Combine(_folder.StateDirectory, "last-good");
        _folder.WriteInPlace("lab.toml", Simple);
        await using (var looking = new FilesNetworkSource(_folder, new()))
        {
            looking.Start();
            Assert.Single(await ListAsync(looking));
        }

        Assert.False(Directory.Exists(copies));

        await using var source = new FilesNetworkSource(_folder, new());
        source.Start();
        await source.ReportReadyAsync(new(new("lab"), [], IsLive: true), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            () => Directory.Exists(copies) && Directory.EnumerateFiles(copies, "lab.toml", SearchOption.AllDirectories).Any(),
            cancellationToken: TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<Network>> ListAsync(FilesNetworkSource source) => await source.ListAsync(TestContext.Current.CancellationToken);

    private static async Task<SourceHealth> HealthAsync(FilesNetworkSource source)
    {
        await foreach (var first in source.WatchAsync(TestContext.Current.CancellationToken))
        {
            return Assert.IsType<SourceEvent.HealthChanged>(first).Health;
        }

        throw new InvalidOperationException("The watch ended at once.");
    }

    /// <summary>A host's life: it lists, serves, and ends.</summary>
    private async Task<IReadOnlyList<Network>> ServeAsync()
    {
        await using var source = new FilesNetworkSource(_folder, new());
        source.Start();
        await source.ReportStatusAsync(new(DateTimeOffset.UnixEpoch, 0, 0, 0, null), TestContext.Current.CancellationToken);
        return await ListAsync(source);
    }
}
