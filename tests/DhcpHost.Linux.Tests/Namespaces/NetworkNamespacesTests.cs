using System.Text.Json;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Namespaces;

public sealed class NetworkNamespacesTests : IAsyncDisposable
{
    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_created_namespace_is_one_for_ip_netns_too()
    {
        using var ns = await _lab.Namespaces.CreateAsync(_lab.NewName(), Token);

        var listed = JsonDocument.Parse(await _lab.RunAsync(null, ["/usr/sbin/ip", "-j", "netns", "list"], Token));
        Assert.Contains(listed.RootElement.EnumerateArray(), e => e.GetProperty("name").GetString() == ns.Name);
        var inside = await _lab.RunAsync(null, ["/usr/sbin/ip", "netns", "exec", ns.Name, "/usr/bin/readlink", "/proc/self/ns/net"], Token);
        Assert.Equal($"{ns.Id}", inside.Trim());
        Assert.NotEqual(_lab.Broker.RootId, ns.Id);
    }

    [Fact]
    public async Task A_namespace_of_ip_netns_is_found_and_deleted()
    {
        var name = _lab.NewName();
        _ = await _lab.RunAsync(null, ["/usr/sbin/ip", "netns", "add", name], Token);

        Assert.True(_lab.Namespaces.Exists(name));
        Assert.Contains(name, _lab.Namespaces.List());
        Assert.True(_lab.Namespaces.Delete(name));
        Assert.False(_lab.Namespaces.Exists(name));
        Assert.DoesNotContain(name, _lab.Namespaces.List());
        Assert.False(_lab.Namespaces.Delete(name));
    }

    [Fact]
    public async Task Ensure_returns_the_one_that_is_there()
    {
        var name = _lab.NewName();
        var (first, created) = await _lab.Namespaces.EnsureAsync(name, Token);
        var (second, createdAgain) = await _lab.Namespaces.EnsureAsync(name, Token);
        using (first)
        using (second)
        {
            Assert.True(created);
            Assert.False(createdAgain);
            Assert.Equal(first.Id, second.Id);
        }
        var failure = await Assert.ThrowsAsync<LinuxException>(() => _lab.Namespaces.CreateAsync(name, Token));
        Assert.Equal(Errno.EEXIST, failure.Errno);
    }

    [Fact]
    public async Task Ensure_works_inside_a_new_namespace_and_inside_the_one_that_is_there()
    {
        var name = _lab.NewName();
        var (first, inFirst) = await _lab.Namespaces.EnsureAsync(name, Here, Token);
        var (second, inSecond) = await _lab.Namespaces.EnsureAsync(name, Here, Token);
        using (first)
        using (second)
        {
            Assert.Equal([first.Id, first.Id], [inFirst, inSecond]);
            Assert.Equal(first.Id, second.Id);
        }

        static NetworkNamespaceId Here()
        {
            using var here = NetworkNamespace.OpenCurrent();
            return here.Id;
        }
    }

    [Fact]
    public async Task What_work_inside_throws_comes_out_and_leaves_the_namespace()
    {
        var name = _lab.NewName();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _lab.Namespaces.EnsureAsync<int>(name, () => throw new InvalidOperationException(), Token));
        Assert.True(_lab.Namespaces.Exists(name));
        Assert.Empty(RuntimeThreads.FindForeign(_lab.Broker.RootId));
    }

    [Fact]
    public async Task A_leftover_file_that_is_no_namespace_is_replaced()
    {
        using var other = await _lab.NewNamespaceAsync(Token);
        var name = _lab.NewName();
        await File.WriteAllBytesAsync($"{NetworkNamespaces.DefaultDirectory}/{name}", [], Token);

        Assert.False(_lab.Namespaces.Exists(name));
        Assert.Null(_lab.Namespaces.TryOpen(name));
        var (ns, created) = await _lab.Namespaces.EnsureAsync(name, Token);
        using (ns)
        {
            Assert.True(created);
            Assert.True(_lab.Namespaces.Exists(name));
        }
        Assert.True(_lab.Namespaces.Delete(name));
        Assert.False(File.Exists($"{NetworkNamespaces.DefaultDirectory}/{name}"));
    }

    [Fact]
    public async Task A_leftover_file_is_deleted_like_a_namespace()
    {
        using var other = await _lab.NewNamespaceAsync(Token);
        var name = _lab.NewName();
        await File.WriteAllBytesAsync($"{NetworkNamespaces.DefaultDirectory}/{name}", [], Token);

        Assert.Contains(name, _lab.Namespaces.List());
        Assert.True(_lab.Namespaces.Delete(name));
        Assert.DoesNotContain(name, _lab.Namespaces.List());
    }

    [Fact]
    public async Task The_directory_is_a_shared_mount()
    {
        using var ns = await _lab.NewNamespaceAsync(Token);
        var mounts = await File.ReadAllLinesAsync("/proc/self/mountinfo", Token);
        var mount = Assert.Single(mounts, m => m.Split(' ')[4] == NetworkNamespaces.DefaultDirectory);
        Assert.Contains(" shared:", mount, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    public async Task A_name_that_is_no_file_name_is_refused(string name)
    {
        _ = await Assert.ThrowsAsync<ArgumentException>(() => _lab.Namespaces.EnsureAsync(name, Token));
        _ = Assert.Throws<ArgumentException>(() => _lab.Namespaces.Delete(name));
    }

    [Fact]
    public async Task A_sysctl_is_set_inside_only()
    {
        const string Key = "net/ipv4/conf/all/forwarding";
        var outside = (await File.ReadAllTextAsync($"/proc/sys/{Key}", Token)).Trim();
        using var ns = await _lab.NewNamespaceAsync(Token);
        foreach (var value in new[] { "1", "0", "1" })
        {
            await _lab.Namespaces.WriteSysctlAsync(ns, Key, value, Token);
            Assert.Equal(value, await _lab.Namespaces.ReadSysctlAsync(ns, Key, Token));
            Assert.Equal(value, (await _lab.RunAsync(null, ["/usr/sbin/ip", "netns", "exec", ns.Name, "/bin/cat", $"/proc/sys/{Key}"], Token)).Trim());
        }
        Assert.Equal(outside, (await File.ReadAllTextAsync($"/proc/sys/{Key}", Token)).Trim());
    }

    [Theory]
    [InlineData("kernel/hostname")]
    [InlineData("net")]
    [InlineData("net/../kernel/hostname")]
    [InlineData("/net/ipv4/ip_forward")]
    public async Task A_sysctl_outside_net_is_refused(string key)
    {
        using var ns = await _lab.NewNamespaceAsync(Token);
        _ = await Assert.ThrowsAsync<ArgumentException>(() => _lab.Namespaces.WriteSysctlAsync(ns, key, "1", Token));
    }

    [Fact]
    public async Task Two_hundred_rounds_leak_neither_descriptors_nor_mounts()
    {
        await RoundAsync();
        var descriptors = CountDescriptors();
        var mounts = (await File.ReadAllLinesAsync("/proc/self/mountinfo", Token)).Length;
        for (var i = 0; i < 200; i++)
        {
            await RoundAsync();
        }
        // Other tests of this process come and go beside: allow them a few, but not one a round.
        await Eventually.TrueAsync(() => CountDescriptors() < descriptors + 100, cancellationToken: Token);
        Assert.True((await File.ReadAllLinesAsync("/proc/self/mountinfo", Token)).Length < mounts + 100);

        async Task RoundAsync()
        {
            var name = _lab.NewName();
            using var ns = await _lab.Namespaces.CreateAsync(name, Token);
            using var netlink = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
            Assert.NotNull(netlink.FindLink("lo"));
            Assert.True(_lab.Namespaces.Delete(name));
        }

        static int CountDescriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();
}
