using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Netlink;
using DhcpHost.Linux.Sockets;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.InProcess.Tests.Conformance;

/// <summary>
/// The in-process driver on real interfaces. Its server is no process that could be killed: what ends it behind its back is that its interface goes,
/// so a test's kill takes the interface away and makes another of the same name.
/// </summary>
public sealed class InProcessSubject : LabDhcpDriverSubject
{
    private const int ServerPort = 67;

    private readonly ConcurrentDictionary<ServerKey, InterfaceBinding> _bindings = new();
    private readonly List<Socket> _strangers = [];
    private InProcessDriver _driver;
    private RecordingDriver _recorder;
    private bool _isEnded;

    public InProcessSubject(Action<InProcessOptions>? configure = null)
    {
        configure?.Invoke(Options);
        _driver = NewDriver();
        _recorder = new(_driver, Record);
    }

    public InProcessOptions Options { get; } = new();

    /// <summary>Where the leases are.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("dhcphost-inprocess-").FullName;

    public override IDhcpDriver Driver => _recorder;

    public override void RestartHost()
    {
        // Everything of a process that is killed goes at once; its files are as it left them.
        var ended = _driver.DisposeAsync();
        Assert.True(SpinWait.SpinUntil(() => ended.IsCompleted, Eventually.DefaultDeadline));
        _driver = NewDriver();
        _recorder = new(_driver, Record);
    }

    public override async Task KillServerAsync(ServerKey key, CancellationToken cancellationToken)
    {
        var binding = _bindings[key];
        using var ns = Lab.Namespaces.Open(binding.Namespace);
        using var inside = await RouteNetlink.OpenAsync(Lab.Broker, ns, cancellationToken);
        var name = Lab.NewName("v");
        inside.Execute(batch => batch.DeleteLink(binding.Device));
        await Eventually.TrueAsync(() => CountServers(key) == 0, cancellationToken: cancellationToken);
        var spec = new VethSpec(name, binding.Device)
        {
            PeerNamespace = ns,
            PeerMac = binding.MacAddress,
            MasterIndex = NetworkOf(binding).Bridge.Index,
            IsUp = true,
        };
        Lab.Host.Execute(batch => batch.CreateVeth(spec));
        await Lab.Namespaces.WriteSysctlAsync(ns, $"net/ipv6/conf/{binding.Device}/accept_dad", "0", cancellationToken);
        var index = inside.GetLink(binding.Device).Index;
        inside.Execute(batch =>
        {
            _ = batch.SetUp(index);
            foreach (var address in binding.Addresses)
            {
                _ = batch.AddAddress(new(index, address.Address, address.PrefixLength));
            }
        });
        await Eventually.TrueAsync(() => inside.ListAddresses(index).All(address => !address.IsTentative), cancellationToken: cancellationToken);
    }

    /// <summary>By the sockets in the namespace: there is one on port 67 for each server.</summary>
    public override int CountServers(ServerKey key)
    {
        if (!_bindings.TryGetValue(key, out var binding))
        {
            return 0;
        }

        using var ns = Lab.Namespaces.Open(binding.Namespace);
        var table = "";
        var reading = Lab.Broker.RunAsync(ns, () => { table = File.ReadAllText("/proc/thread-self/net/udp"); }, CancellationToken.None);
        Assert.True(SpinWait.SpinUntil(() => reading.IsCompletedSuccessfully, Eventually.DefaultDeadline));
        return table.Split('\n').Count(line => line.Contains(":0043 ", StringComparison.Ordinal));
    }

    public override async Task<(DriverHandle Handle, Func<bool> Lives)> ReplaceByForeignAsync(DriverHandle handle, CancellationToken cancellationToken)
    {
        var binding = _bindings[handle.Server];
        using var ns = Lab.Namespaces.Open(binding.Namespace);

        // While the host is away another server takes the port.
        await _driver.DisposeAsync();
        var sockets = new NamespaceSockets(Lab.Broker);
        var stranger = await sockets.OpenAsync(ns, new(SocketType.Dgram, new(IPAddress.Any, ServerPort)) { Link = binding.Device }, cancellationToken);
        _strangers.Add(stranger);
        return (handle, () => CountServers(handle.Server) == 1 && stranger.IsBound);
    }

    /// <summary>Ends the host's driver and starts no other.</summary>
    public async Task EndHostAsync()
    {
        await _driver.DisposeAsync();
        _isEnded = true;
    }

    public override async ValueTask DisposeAsync()
    {
        if (!_isEnded)
        {
            await _driver.DisposeAsync();
        }

        _strangers.ForEach(socket => socket.Dispose());
        Directory.Delete(Root, recursive: true);
        await base.DisposeAsync();
    }

    private void Record(DhcpPlan plan) => _bindings[plan.Server] = plan.Interface;

    /// <summary>A driver with the same files.</summary>
    internal InProcessDriver NewDriver() =>
        new(InProcessPlugin.MakeProtocols(Options, TimeProvider.System), Root, "1.0.0", TimeProvider.System, NullLogger.Instance);
}
