using System.Collections.Concurrent;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Namespaces;

public sealed class NetnsBrokerTests : IAsyncDisposable
{
    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Work_runs_in_its_namespace_and_the_caller_stays_in_root()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        Assert.Equal($"{ns.Id}", await _lab.Broker.RunAsync(ns, ThreadNamespace, Token));
        Assert.Equal($"{_lab.Broker.RootId}", ThreadNamespace());
    }

    [Fact]
    public async Task Many_namespaces_in_parallel_never_mix()
    {
        const int Count = 40;
        var namespaces = await Task.WhenAll(Enumerable.Range(0, Count).Select(_ => _lab.NewNamespaceAsync(Token)));
        Assert.Equal(Count, namespaces.Select(n => n.Id).Distinct().Count());

        var wrong = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 4000), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, token) =>
        {
            var ns = namespaces[i % Count];
            var seen = await _lab.Broker.RunAsync(ns, ThreadNamespace, token);
            if (seen != $"{ns.Id}" || ThreadNamespace() != $"{_lab.Broker.RootId}")
            {
                wrong.Add($"{ns} ran in {seen}");
            }
        });
        Assert.Empty(wrong);
        Assert.Empty(RuntimeThreads.FindForeign(_lab.Broker.RootId));
    }

    [Fact]
    public async Task A_thread_in_a_foreign_namespace_is_found_by_the_check()
    {
        // The check compares with what it is told is root: told another one, it must name the runtime's threads.
        var ns = await _lab.NewNamespaceAsync(Token);
        Assert.Contains(RuntimeThreads.FindForeign(ns.Id), t => t.StartsWith(".NET TP", StringComparison.Ordinal));
        Assert.Empty(RuntimeThreads.FindForeign(_lab.Broker.RootId));
    }

    [Fact]
    public async Task An_exception_of_the_work_reaches_the_caller_and_the_thread_comes_back()
    {
        using var broker = new NetnsBroker(threads: 1);
        var ns = await _lab.NewNamespaceAsync(Token);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => broker.RunAsync<int>(ns, () => throw new InvalidOperationException("mine"), Token));
        Assert.Equal("mine", failure.Message);
        Assert.Equal($"{ns.Id}", await broker.RunAsync(ns, ThreadNamespace, Token));
        Assert.Equal($"{broker.RootId}", await broker.RunSwitchingAsync(ThreadNamespace, Token));
    }

    [Fact]
    public async Task What_is_no_namespace_is_refused_before_the_work_runs()
    {
        var ns = await _lab.Namespaces.CreateAsync(_lab.NewName(), Token);
        ns.Dispose();
        var hasRun = false;
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => _lab.Broker.RunAsync(ns, () => { hasRun = true; }, Token));
        Assert.False(hasRun);
        var failure = Assert.Throws<LinuxException>(() => NetworkNamespace.Open("/proc/self/ns/uts", "uts"));
        Assert.Equal(Errno.EINVAL, failure.Errno);
    }

    [Fact]
    public async Task Work_that_has_not_begun_can_be_cancelled()
    {
        using var broker = new NetnsBroker(threads: 1, capacity: 2);
        var ns = await _lab.NewNamespaceAsync(Token);
        using var gate = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var running = broker.RunAsync(ns, () => { started.Set(); gate.Wait(Token); }, Token);
        Assert.True(started.Wait(Eventually.DefaultDeadline, Token));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var waiting = broker.RunAsync(ns, () => Assert.Fail("must not run"), cancel.Token);
        var withoutRoom = broker.RunAsync(ns, () => Assert.Fail("must not run"), cancel.Token);
        await cancel.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withoutRoom);
        gate.Set();
        await running;
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Disposed_it_refuses_what_waits_and_what_comes()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        using var gate = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var broker = new NetnsBroker(threads: 1, capacity: 2);
        var running = broker.RunAsync(ns, () => { started.Set(); gate.Wait(Token); return 7; }, Token);
        Assert.True(started.Wait(Eventually.DefaultDeadline, Token));
        var waiting = Enumerable.Range(0, 3).Select(_ => broker.RunAsync(ns, () => 8, Token)).ToArray();
        var disposing = Task.Run(broker.Dispose, Token);
        await Eventually.TrueAsync(() => broker.IsDisposed, cancellationToken: Token);
        gate.Set();
        await disposing;
        Assert.Equal(7, await running);
        foreach (var work in waiting)
        {
            _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => work);
        }
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => broker.RunAsync(ns, () => 9, Token));
    }

    [Fact]
    public async Task A_network_is_made_in_a_few_milliseconds()
    {
        const int Count = 60;
        var times = new List<double>();
        for (var i = 0; i < Count; i++)
        {
            var (name, link) = (_lab.NewName("n"), _lab.NewName("v"));
            var start = TimeProvider.System.GetTimestamp();
            using var ns = await _lab.Namespaces.CreateAsync(name, Token);
            _lab.Host.Execute(b => b.CreateVeth(new VethSpec(link, "eth0") { PeerNamespace = ns, IsUp = true, Mtu = 1450 }));
            using var inner = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
            var index = inner.GetLink("eth0").Index;
            inner.Execute(b => b
                .SetUp(1)
                .AddAddress(new LinkAddress(index, System.Net.IPAddress.Parse("10.0.0.2"), 24))
                .AddAddress(new LinkAddress(index, System.Net.IPAddress.Parse("2001:db8::2"), 64, LinkAddressFlags.NoDad))
                .SetUp(index)
                .AddRoute(Route.Default(System.Net.IPAddress.Parse("10.0.0.1"), index)));
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }
        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"namespace, veth, addresses, route: median {times[Count / 2]:0.00} ms, p90 {times[Count * 9 / 10]:0.00} ms");
        // Measured 1.5 to 2.5 ms on a quiet machine; one ip(8) process for each step takes ten times that. The best one: a loaded machine fails nothing.
        Assert.True(times[0] < 15, $"best {times[0]} ms");
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private static string ThreadNamespace() => new FileInfo($"/proc/self/task/{Libc.gettid()}/ns/net").LinkTarget!;
}
