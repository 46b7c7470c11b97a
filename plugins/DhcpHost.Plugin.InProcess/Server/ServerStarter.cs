using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.InProcess.Model;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>Opens the sockets that a network's server needs, in its namespace.</summary>
internal sealed class ServerStarter(NetnsBroker broker, Protocols protocols)
{
    private readonly NetworkNamespaces _namespaces = new(broker);
    private readonly DatagramSockets _sockets = new(broker);

    /// <summary>The namespace of a plan.</summary>
    /// <exception cref="DhcpHostException">There is none.</exception>
    public NetworkNamespace OpenNamespace(InterfaceBinding binding) => TryOpenNamespace(binding.Namespace)
        ?? throw new DhcpHostException(FailureKind.Conflict, $"The namespace {binding.Namespace} is not there.");

    public NetworkNamespace? TryOpenNamespace(string name) => _namespaces.TryOpen(name);

    /// <summary>Opens the sockets of those protocols, and of the link's watch where asked for.</summary>
    /// <exception cref="Linux.Interop.LinuxException">ENODEV, EADDRINUSE.</exception>
    public async Task<OpenedSockets> OpenAsync(
        NetworkNamespace ns, string device, IReadOnlyList<int> wanted, bool withLinkEvents, CancellationToken cancellationToken)
    {
        var specs = wanted.SelectMany(protocol => protocols.All[protocol].Sockets).ToList();
        if (withLinkEvents)
        {
            specs.Add(Protocols.LinkEvents);
        }

        var link = await _sockets.OpenAsync(ns, device, specs, cancellationToken);
        var next = 0;
        var byProtocol = new List<(int, IReadOnlyList<DatagramSocket>)>();
        foreach (var protocol in wanted)
        {
            var count = protocols.All[protocol].Sockets.Count;
            byProtocol.Add((protocol, [.. link.Sockets.Skip(next).Take(count)]));
            next += count;
        }

        return new(link, byProtocol, withLinkEvents ? link.Sockets[^1] : null);
    }
}
