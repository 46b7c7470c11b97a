using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;
using static DhcpHost.Plugin.Bridge.InterfaceChange;

namespace DhcpHost.Plugin.Bridge;

/// <summary>Sees and sets interfaces by netlink. Thread-safe.</summary>
internal sealed class InterfaceKernel : IDisposable
{
    private const string Loopback = "lo";

    private readonly NetnsBroker _broker;
    private readonly NetworkNamespaces _namespaces;
    private readonly RouteNetlink _root;
    private readonly KeyValuePair<string, string>[] _sysctls;

    public InterfaceKernel(NetnsBroker broker, bool detectDuplicateAddresses)
    {
        _broker = broker;
        _namespaces = new NetworkNamespaces(broker);
        _root = RouteNetlink.Open();
        _sysctls =
        [
            // The link is born with the defaults: no address from a rogue router (LP#1501206's neighbour), none delayed by detection.
            new("net/ipv6/conf/default/accept_ra", "0"),
            new("net/ipv6/conf/default/accept_dad", detectDuplicateAddresses ? "1" : "0"),
            new("net/ipv4/ip_nonlocal_bind", "1"),
            new("net/ipv6/ip_nonlocal_bind", "1"),
        ];
    }

    /// <summary>What there is of an interface.</summary>
    public async Task<ObservedInterface> ObserveAsync(DesiredInterface desired, CancellationToken cancellationToken)
    {
        var observed = new ObservedInterface { Bridge = _root.FindLink(desired.Bridge), HostLink = _root.FindLink(desired.HostDevice) };
        using var ns = _namespaces.TryOpen(desired.Namespace);
        if (ns is null)
        {
            return observed;
        }

        using var inside = await RouteNetlink.OpenAsync(_broker, ns, cancellationToken);
        observed = observed with
        {
            NamespaceExists = true,
            IsLoopbackUp = inside.FindLink(Loopback)?.IsUp ?? false,
            Link = inside.FindLink(desired.Device),
        };
        return observed.Link is not { } link
            ? observed
            : observed with
            {
                Addresses = [.. inside.ListAddresses(link.Index).Where(address => !address.IsLinkLocal)],
                DefaultRoutes = [.. inside.ListRoutes(link.Index).Where(route => route.IsDefault)],
            };
    }

    /// <summary>Does what the comparison found, in its order.</summary>
    public async Task ExecuteAsync(DesiredInterface desired, IReadOnlyList<InterfaceChange> changes, CancellationToken cancellationToken)
    {
        var (ns, isNew) = await _namespaces.EnsureAsync(desired.Namespace, cancellationToken);
        using var _ = ns;
        if (isNew || changes.Any(change => change is CreatePair))
        {
            await SetSysctlsAsync(ns, cancellationToken);
        }

        using var inside = await RouteNetlink.OpenAsync(_broker, ns, cancellationToken);
        foreach (var change in changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!TryExecuteOutside(desired, change, ns))
            {
                ExecuteInside(change, inside);
            }
        }
    }

    /// <summary>Deletes the pair, and the namespace when nothing else is in it.</summary>
    public async Task RemoveAsync(DesiredInterface desired, CancellationToken cancellationToken)
    {
        if (_root.FindLink(desired.HostDevice) is not null)
        {
            _root.Execute(batch => batch.DeleteLink(desired.HostDevice).Unless(Errno.ENODEV));
        }

        using var ns = _namespaces.TryOpen(desired.Namespace);
        if (ns is null)
        {
            _ = _namespaces.Delete(desired.Namespace);
            return;
        }

        using var inside = await RouteNetlink.OpenAsync(_broker, ns, cancellationToken);
        if (inside.FindLink(desired.Device) is not null)
        {
            inside.Execute(batch => batch.DeleteLink(desired.Device).Unless(Errno.ENODEV));
        }

        // Another segment of the network may live there, or something that an operator put there.
        if (inside.ListLinks().All(link => link.Name == Loopback || link.Kind is null))
        {
            _ = _namespaces.Delete(desired.Namespace);
        }
    }

    /// <summary>Our end in the host's namespace; <c>null</c> where it is gone.</summary>
    public Link? FindHostLink(string device) => _root.FindLink(device);

    /// <summary>Whether a living namespace has the name.</summary>
    public bool NamespaceExists(string name) => _namespaces.Exists(name);

    public void Dispose() => _root.Dispose();

    private async Task SetSysctlsAsync(NetworkNamespace ns, CancellationToken cancellationToken)
    {
        try
        {
            await _namespaces.WriteSysctlsAsync(ns, _sysctls, cancellationToken);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT)
        {
            // A kernel without IPv6: there is nothing to switch off.
            await _namespaces.WriteSysctlsAsync(ns, [.. _sysctls.Where(pair => pair.Key.Contains("/ipv4/", StringComparison.Ordinal))], cancellationToken);
        }
    }

    private bool TryExecuteOutside(DesiredInterface desired, InterfaceChange change, NetworkNamespace ns)
    {
        switch (change)
        {
            case CreateNamespace:
                return true;
            case CreateBridge create:
                _root.Execute(batch => batch.CreateBridge(create.Name).Unless(Errno.EEXIST));
                return true;
            case DeleteLink { IsInside: false } delete:
                _root.Execute(batch => batch.DeleteLink(delete.Name).Unless(Errno.ENODEV));
                return true;
            case CreatePair create:
                _root.Execute(batch => batch.CreateVeth(new(create.HostDevice, create.Device)
                {
                    PeerNamespace = ns,
                    PeerMac = create.MacAddress,
                    Mtu = desired.Mtu == 0 ? null : desired.Mtu,
                    MasterIndex = _root.GetLink(desired.Bridge).Index,
                    IsUp = true,
                }));
                return true;
            case SetMaster set:
                _root.Execute(batch => batch.SetMaster(_root.GetLink(set.HostDevice).Index, _root.GetLink(set.Bridge).Index));
                return true;
            case SetMtu { IsInside: false } set:
                _root.Execute(batch => batch.SetMtu(_root.GetLink(set.Device).Index, set.After));
                return true;
            case SetUp { IsInside: false } set:
                _root.Execute(batch => batch.SetUp(_root.GetLink(set.Device).Index));
                return true;
            default:
                return false;
        }
    }

    private static void ExecuteInside(InterfaceChange change, RouteNetlink inside)
    {
        var link = inside.GetLink(DeviceOf(change)).Index;
        inside.Execute(batch => _ = change switch
        {
            DeleteLink => batch.DeleteLink(link),
            SetMac set => batch.SetUp(link, isUp: false).SetMac(link, set.After).SetUp(link),
            SetMtu set => batch.SetMtu(link, set.After),
            SetUp => batch.SetUp(link),
            AddAddress add => batch.AddAddress(new(link, add.Address.Address, add.Address.PrefixLength)).Unless(Errno.EEXIST),
            RemoveAddress remove => batch.RemoveAddress(remove.Address).Unless(Errno.EADDRNOTAVAIL),
            SetDefaultRoute set => SetRoute(batch, link, set),
            RemoveDefaultRoute remove => batch.RemoveRoute(remove.Route).Unless(Errno.ESRCH),
            _ => throw new InvalidOperationException($"{change} is no change inside a namespace."),
        });
    }

    private static RouteBatch SetRoute(RouteBatch batch, int link, SetDefaultRoute set)
    {
        if (set.IsOnLink)
        {
            // A gateway off the subnets: first the way to it, on the link.
            var length = set.Gateway.GetAddressBytes().Length * 8;
            _ = batch.ReplaceRoute(new(new(set.Gateway, length), null, link));
        }

        return batch.ReplaceRoute(Route.Default(set.Gateway, link));
    }

    private static string DeviceOf(InterfaceChange change) => change switch
    {
        DeleteLink delete => delete.Name,
        SetMac set => set.Device,
        SetMtu set => set.Device,
        SetUp set => set.Device,
        AddAddress add => add.Device,
        RemoveAddress remove => remove.Device,
        SetDefaultRoute set => set.Device,
        RemoveDefaultRoute remove => remove.Device,
        _ => throw new InvalidOperationException($"{change} is no change inside a namespace."),
    };
}
