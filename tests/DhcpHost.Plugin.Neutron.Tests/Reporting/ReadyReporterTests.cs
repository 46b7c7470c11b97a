using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Tests.Fakes;
using DhcpHost.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.Neutron.Tests.Reporting;

/// <summary>Ports are reported ready at once, those that somebody waits for first, and a slow call delays its own ports alone.</summary>
public sealed class ReadyReporterTests : IAsyncDisposable
{
    private readonly FakeTransport _transport = new();

    private readonly HashSet<string> _hanging = [];

    public ReadyReporterTests()
    {
        _transport.On("dhcp_ready_on_ports", async (arguments, cancellationToken) =>
        {
            if (IdsOf(arguments).Any(_hanging.Contains))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            return null;
        });
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    [Fact]
    public async Task A_batch_has_at_most_64_ports()
    {
        await using var running = await StartAsync(500);
        await ReportAsync(running, 1, 500, isLive: true);
        await AllReportedAsync(1, 500);
        Assert.All(_transport.ArgumentsOf("dhcp_ready_on_ports"), arguments => Assert.InRange(IdsOf(arguments).Count(), 1, 64));
    }

    [Fact]
    public async Task A_call_that_hangs_delays_no_other_port()
    {
        _hanging.Add(Make.PortId(1));
        await using var running = await StartAsync(300);
        await ReportAsync(running, 1, 1, isLive: true);
        await running.CalledAsync("dhcp_ready_on_ports", 1);
        await ReportAsync(running, 2, 300, isLive: true);
        await AllReportedAsync(2, 300);
    }

    [Fact]
    public async Task Bulk_reports_that_hang_delay_no_port_that_somebody_waits_for()
    {
        _hanging.UnionWith(Enumerable.Range(1, 200).Select(Make.PortId));
        await using var running = await StartAsync(300);
        await ReportAsync(running, 1, 200, isLive: false);
        await running.CalledAsync("dhcp_ready_on_ports", 2);
        await ReportAsync(running, 250, 250, isLive: true);
        await AllReportedAsync(250, 250);
    }

    [Fact]
    public async Task Ports_that_no_host_has_share_no_call_with_others()
    {
        await using var running = await StartAsync(100, unbound: 20);
        await ReportAsync(running, 1, 100, isLive: true);
        await AllReportedAsync(1, 100);
        var slow = Enumerable.Range(1, 20).Select(Make.PortId).ToHashSet();
        Assert.All(_transport.ArgumentsOf("dhcp_ready_on_ports"), arguments =>
        {
            var ids = IdsOf(arguments).ToList();
            Assert.True(ids.TrueForAll(slow.Contains) ? ids.Count <= 4 : !ids.Exists(slow.Contains));
        });
    }

    [Fact]
    public async Task A_port_that_is_gone_is_not_reported()
    {
        await using var running = await StartAsync(2);
        await running.Source.ReportReadyAsync(new(new(Make.Network), [new(Make.PortId(9)), new(Make.PortId(2))], IsLive: true), CancellationToken.None);
        await running.CalledAsync("dhcp_ready_on_ports", 1);
        Assert.Equal([Make.PortId(2)], _transport.ArgumentsOf("dhcp_ready_on_ports").SelectMany(IdsOf));
    }

    [Fact]
    public async Task A_report_that_fails_is_made_again_later_and_in_smaller_parts()
    {
        var time = new FakeTimeProvider();
        _transport.On("dhcp_ready_on_ports", arguments => IdsOf(arguments).Contains(Make.PortId(3)) ? throw new RpcRemoteException("DBError", "no") : null);
        await using var running = await StartAsync(8, time: time);
        await ReportAsync(running, 1, 8, isLive: false);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(31));
                return Enumerable.Range(1, 8).Where(number => number != 3).All(number => Told().Contains(Make.PortId(number)));
            },
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);

        HashSet<string> Told() =>
            [.. _transport.ArgumentsOf("dhcp_ready_on_ports").Select(IdsOf).Where(ids => !ids.Contains(Make.PortId(3))).SelectMany(ids => ids)];
    }

    [Fact]
    public async Task What_was_not_told_for_want_of_a_broker_is_told_when_it_is_back()
    {
        var isBack = false;
        var told = new ConcurrentDictionary<string, bool>();
        _transport.On("dhcp_ready_on_ports", arguments =>
        {
            if (!Volatile.Read(ref isBack))
            {
                throw new RpcUnavailableException("no broker");
            }

            foreach (var id in IdsOf(arguments))
            {
                told[id] = true;
            }

            return null;
        });

        // Time stands still: nothing is told again because of a delay that is over.
        await using var running = await StartAsync(3, time: new FakeTimeProvider());
        await ReportAsync(running, 1, 3, isLive: true);
        await running.CalledAsync("dhcp_ready_on_ports", 1);
        Volatile.Write(ref isBack, true);
        await Eventually.TrueAsync(
            () =>
            {
                // A call that fails only now begins a delay of its own.
                _transport.Connect(isFirst: false);
                return told.Count == 3;
            },
            TimeSpan.FromSeconds(60),
            TestContext.Current.CancellationToken);
    }

    private async Task<RunningSource> StartAsync(int ports, int unbound = 0, TimeProvider? time = null)
    {
        var all = Enumerable.Range(1, ports).Select(number => Make.PortOf(number)).ToArray();
        foreach (var port in all.Take(unbound))
        {
            port["binding:host_id"] = "";
        }

        _transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network, all)));
        return await RunningSource.StartAsync(_transport, timeProvider: time);
    }

    private static Task ReportAsync(RunningSource running, int first, int last, bool isLive)
    {
        var ids = Enumerable.Range(first, last - first + 1).Select(number => new PortId(Make.PortId(number))).ToEquatableArray();
        return running.Source.ReportReadyAsync(new(new(Make.Network), ids, isLive), CancellationToken.None);
    }

    private Task AllReportedAsync(int first, int last)
    {
        var wanted = Enumerable.Range(first, last - first + 1).Select(Make.PortId).ToHashSet();
        return Eventually.TrueAsync(() => wanted.IsSubsetOf(_transport.ArgumentsOf("dhcp_ready_on_ports").SelectMany(IdsOf)), TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);
    }

    private static IEnumerable<string> IdsOf(JsonObject arguments) => arguments["port_ids"]!.AsArray().Select(id => id!.GetValue<string>());
}
