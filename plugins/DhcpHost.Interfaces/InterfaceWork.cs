using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Interfaces;

/// <summary>Where changes are made: the host's namespace and the network's, both open.</summary>
public sealed class InterfaceWork
{
    private readonly NetworkNamespaces _namespaces;
    private readonly NetworkNamespace _rootNamespace;
    // LOOPBACK_IFINDEX: the first of each namespace.
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal) { ["lo"] = 1 };

    internal InterfaceWork(NetworkNamespaces namespaces, NetworkNamespace rootNamespace, RouteNetlink root, NetworkNamespace ns, RouteNetlink inside)
    {
        _namespaces = namespaces;
        _rootNamespace = rootNamespace;
        Root = root;
        Namespace = ns;
        Inside = inside;
    }

    /// <summary>Links of the host's namespace.</summary>
    public RouteNetlink Root { get; }

    /// <summary>The network's namespace.</summary>
    public NetworkNamespace Namespace { get; }

    /// <summary>Links of the network's namespace.</summary>
    public RouteNetlink Inside { get; }

    /// <summary>The index of a link inside. It is looked up once: what makes and deletes links comes before and after what changes them.</summary>
    /// <exception cref="LinuxException">ENODEV: there is no such link.</exception>
    public int IndexInside(string device)
    {
        if (!_indices.TryGetValue(device, out var index))
        {
            _indices.Add(device, index = Inside.GetLink(device).Index);
        }

        return index;
    }

    /// <summary>Gives IPv6 to a link inside that was made without, as a link that is born with it has it.</summary>
    public async Task EnableIPv6Async(string device, bool detectsDuplicates, CancellationToken cancellationToken)
    {
        await WriteAsync("accept_ra", "0");
        await WriteAsync("accept_dad", detectsDuplicates ? "1" : "0");
        await WriteAsync("disable_ipv6", "0");

        Task WriteAsync(string key, string value) =>
            _namespaces.WriteSysctlAsync(Namespace, $"net/ipv6/conf/{device}/{key}", value, cancellationToken);
    }

    /// <summary>Takes IPv6 off a link in the host's namespace: the host has no part in the network that the link leads to.</summary>
    public async Task DisableHostIPv6Async(string device, CancellationToken cancellationToken)
    {
        try
        {
            await _namespaces.WriteSysctlAsync(_rootNamespace, $"net/ipv6/conf/{device}/disable_ipv6", "1", cancellationToken);
        }
        catch (LinuxException exception) when (exception.Errno is Errno.ENOENT)
        {
            // A kernel without IPv6: there is nothing to take off.
        }
    }
}
