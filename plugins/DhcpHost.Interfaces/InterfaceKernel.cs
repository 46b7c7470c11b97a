using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Interfaces;

/// <summary>Sees and sets interfaces by netlink. Thread-safe.</summary>
internal sealed class InterfaceKernel : IDisposable
{
    private const string Loopback = "lo";

    private readonly NetnsBroker _broker;
    private readonly InterfacePlug _plug;
    private readonly NetworkNamespaces _namespaces;
    private readonly NetworkNamespace _rootNamespace;
    private readonly RouteNetlink _root;
    private readonly bool _detectDuplicateAddresses;

    public InterfaceKernel(NetnsBroker broker, InterfacePlug plug, bool detectDuplicateAddresses)
    {
        _broker = broker;
        _plug = plug;
        _namespaces = new NetworkNamespaces(broker);
        _rootNamespace = NetworkNamespace.OpenProcess(Environment.ProcessId);
        _root = RouteNetlink.Open();
        _detectDuplicateAddresses = detectDuplicateAddresses;
    }

    /// <summary>What there is of an interface.</summary>
    public async Task<ObservedInterface> ObserveAsync(DesiredInterface desired, CancellationToken cancellationToken)
    {
        var observed = new ObservedInterface { Bridge = _root.FindLink(desired.Bridge), HostLink = _root.FindLink(desired.HostDevice) };
        using (var ns = _namespaces.TryOpen(desired.Namespace))
        {
            if (ns is not null)
            {
                observed = await ObserveInsideAsync(desired, observed, ns, cancellationToken);
            }
        }

        return await _plug.ObserveAsync(desired, observed, cancellationToken);
    }

    /// <summary>Does what the comparison found, in its order.</summary>
    public async Task ExecuteAsync(DesiredInterface desired, IReadOnlyList<InterfaceChange> changes, CancellationToken cancellationToken)
    {
        var (ns, inside) = await _namespaces.EnsureAsync(desired.Namespace, () => SetUp(desired), cancellationToken);
        using var open = ns;
        using var socket = inside;
        var work = new InterfaceWork(_namespaces, _rootNamespace, _root, ns, inside);
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await change.ExecuteAsync(work, cancellationToken);
        }
    }

    /// <summary>Takes the link away, and the namespace when nothing else is in it.</summary>
    public async Task RemoveAsync(DesiredInterface desired, CancellationToken cancellationToken)
    {
        using var ns = _namespaces.TryOpen(desired.Namespace);
        if (ns is null)
        {
            await _plug.UnplugAsync(desired, _root, null, cancellationToken);
            _ = _namespaces.Delete(desired.Namespace);
            return;
        }

        using var inside = await RouteNetlink.OpenAsync(_broker, ns, cancellationToken);
        await _plug.UnplugAsync(desired, _root, inside, cancellationToken);

        // Another segment of the network may live there, or something that an operator put there.
        if (inside.ListLinks().All(link => link.Name == Loopback || link.Kind is null))
        {
            _ = _namespaces.Delete(desired.Namespace);
        }
    }

    /// <summary>What is wrong with an interface, as far as the host's namespace shows it.</summary>
    public string? FindFault(DesiredInterface desired) => _plug.FindFault(desired, _root);

    /// <summary>Whether an interface waits for a bridge that is not there yet.</summary>
    public bool IsAwaitingBridge(DesiredInterface desired) => _plug.IsAwaitingBridge(desired, _root);

    /// <summary>Whether a living namespace has the name.</summary>
    public bool NamespaceExists(string name) => _namespaces.Exists(name);

    public void Dispose()
    {
        _root.Dispose();
        _rootNamespace.Dispose();
    }

    private async Task<ObservedInterface> ObserveInsideAsync(
        DesiredInterface desired, ObservedInterface observed, NetworkNamespace ns, CancellationToken cancellationToken)
    {
        using var inside = await RouteNetlink.OpenAsync(_broker, ns, cancellationToken);
        var links = inside.ListLinks();
        observed = observed with
        {
            NamespaceExists = true,
            IsLoopbackUp = links.Any(link => link.Name == Loopback && link.IsUp),
            Link = links.FirstOrDefault(link => link.Name == desired.Device),
            StaleDevices = desired.SharesNamespace
                ? []
                : [.. links.Select(link => link.Name).Where(name => name != desired.Device && InterfaceNames.IsDevice(name))],
        };
        return observed.Link is not { } own
            ? observed
            : observed with
            {
                Addresses = inside.ListAddresses(own.Index),
                Routes = inside.ListRoutes(own.Index),
                OffloadsChecksums = ChecksumOffload.IsOn(inside, desired.Device),
            };
    }

    // Inside the namespace. A link is born with the defaults.
    private RouteNetlink SetUp(DesiredInterface desired)
    {
        NetworkNamespaces.WriteSysctl("net/ipv4/ip_nonlocal_bind", "1");
        try
        {
            // No address from a rogue router (LP#1501206's neighbour).
            NetworkNamespaces.WriteSysctl("net/ipv6/conf/default/accept_ra", "0");

            // Without IPv6 to serve: none at all. A link-local address alone is told to all ports of the bridge by multicast, several times for each network.
            NetworkNamespaces.WriteSysctl("net/ipv6/conf/default/disable_ipv6", desired.HasIPv6 ? "0" : "1");
            if (desired.HasIPv6)
            {
                NetworkNamespaces.WriteSysctl("net/ipv6/conf/default/accept_dad", _detectDuplicateAddresses ? "1" : "0");
                NetworkNamespaces.WriteSysctl("net/ipv6/ip_nonlocal_bind", "1");
            }
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT)
        {
            // A kernel without IPv6: there is nothing to switch off.
        }

        return RouteNetlink.Open();
    }
}
