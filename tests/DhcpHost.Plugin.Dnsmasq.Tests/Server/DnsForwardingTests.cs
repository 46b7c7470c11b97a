using System.Net;
using System.Net.Sockets;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.Dnsmasq.Tests.Conformance;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Server;

/// <summary>Clients ask the network's server for names, and it asks the forwarders: on the wire.</summary>
public sealed class DnsForwardingTests : IAsyncLifetime
{
    private static readonly IPAddress Upstream = IPAddress.Parse("10.77.0.50");

    private readonly DnsmasqSubject _subject = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _subject.DisposeAsync();

    [Fact]
    public async Task A_name_that_only_a_forwarder_at_another_port_knows_is_answered_to_clients()
    {
        var plan = SamplePlans.Make("n1", await _subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), null, [SamplePlans.Port(7)]);
        var station = await _subject.NewStationAsync(plan.Interface, Stop);
        station.Netlink.Execute(batch => batch.AddAddress(new(station.Link.Index, Upstream, 24)));
        _ = await _subject.Lab.SpawnAsync(
            station.Namespace,
            new("/usr/sbin/dnsmasq", ["--conf-file=/dev/null", "--keep-in-foreground", "--port=5353", "--no-resolv", "--no-hosts", "--pid-file=", "--user=root",
                $"--listen-address={Upstream}", "--bind-interfaces", "--address=/www.example.test/192.0.2.7"]),
            Stop);
        var forwarders = new[] { DnsForwarder.Parse($"{Upstream}#5353") }.ToEquatableArray();

        _ = await _subject.Driver.ApplyAsync(plan with { Options = plan.Options with { Forwarders = forwarders } }, null, Stop);

        var server = SamplePlans.ServerAddresses.Select(prefix => prefix.Address).First(address => address.AddressFamily == AddressFamily.InterNetwork);
        await Eventually.TrueAsync(
            async () => (await AskAsync(station.Namespace, server, "www.example.test")).IndexOf(IPAddress.Parse("192.0.2.7").GetAddressBytes()) > 0,
            cancellationToken: Stop);
    }

    /// <summary>Asks for the name's IPv4 addresses (RFC 1035, 4.1).</summary>
    /// <returns>The answer, or nothing if none comes within a second.</returns>
    private async Task<byte[]> AskAsync(NetworkNamespace ns, IPAddress server, string name)
    {
        var labels = name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        byte[] query = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. labels, 0, 0, 1, 0, 1];
        using var socket = await _subject.Lab.Broker.RunAsync(ns, () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), Stop);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(1));
        _ = await socket.SendToAsync(query, new IPEndPoint(server, 53), Stop);
        var answer = new byte[512];
        try
        {
            return answer[..await socket.ReceiveAsync(answer, patience.Token)];
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            return [];
        }
    }
}
