using System.Globalization;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Testing.Lab;

/// <summary>
/// A piece of the machine for one test: namespaces, links and processes with names that no other test has, all gone after Dispose.
/// Needs root.
/// </summary>
public sealed class LinuxLab : IAsyncDisposable
{
    private const int MaxLinkName = 15;

    private static int _lastNumber;

    private readonly List<NetworkNamespace> _namespaces = [];
    private readonly List<ServerProcess> _processes = [];
    private readonly List<string> _links = [];
    private readonly Lock _lock = new();
    private int _lastName;

    /// <summary>Starts the threads; nothing is made in the kernel yet.</summary>
    public LinuxLab()
    {
        Prefix = LabPrefix.Of(Environment.ProcessId, Interlocked.Increment(ref _lastNumber));
        Broker = new NetnsBroker();
        Namespaces = new NetworkNamespaces(Broker);
        Watcher = new ProcessWatcher();
        Spawner = new ProcessSpawner(Broker, Watcher);
        Host = RouteNetlink.Open();
    }

    /// <summary>What the names of everything in this lab begin with.</summary>
    public string Prefix { get; }

    /// <summary>Works inside namespaces.</summary>
    public NetnsBroker Broker { get; }

    /// <summary>Makes namespaces.</summary>
    public NetworkNamespaces Namespaces { get; }

    /// <summary>Notices exits.</summary>
    public ProcessWatcher Watcher { get; }

    /// <summary>Starts programs.</summary>
    public ProcessSpawner Spawner { get; }

    /// <summary>Links of the host's own namespace.</summary>
    public RouteNetlink Host { get; }

    /// <summary>Whether labs can be made here.</summary>
    public static bool IsRoot => Environment.IsPrivilegedProcess;

    /// <summary>A name for a link, a bridge or a namespace that is unused on this machine; a link of this name is deleted at the end.</summary>
    public string NewName(string role = "")
    {
        // The number is decimal and a role has no digits, so that no two roles make one name.
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{role}{Interlocked.Increment(ref _lastName)}");
        Xunit.Assert.True(name.Length <= MaxLinkName, $"'{name}' is too long for a link: choose a shorter role");
        lock (_lock)
        {
            _links.Add(name);
        }
        return name;
    }

    /// <summary>Makes a namespace, with its loopback up.</summary>
    public async Task<NetworkNamespace> NewNamespaceAsync(CancellationToken cancellationToken)
    {
        var ns = await Namespaces.CreateAsync(NewName("n"), cancellationToken);
        lock (_lock)
        {
            _namespaces.Add(ns);
        }
        using var netlink = await RouteNetlink.OpenAsync(Broker, ns, cancellationToken);
        netlink.Execute(b => b.SetUp(1));
        return ns;
    }

    /// <summary>Makes a bridge in the host's namespace, up, without IPv6 of its own; returns its index.</summary>
    public Link NewBridge()
    {
        var name = NewName("b");
        Host.Execute(b => b.CreateBridge(name, isUp: false));
        // The machine itself takes no part in the wire: a router advertised there must not become its own.
        File.WriteAllText($"/proc/sys/net/ipv6/conf/{name}/disable_ipv6", "1");
        Host.Execute(b => b.SetUp(Host.GetLink(name).Index));
        return Host.GetLink(name);
    }

    /// <summary>Starts a program that is killed at the end of the lab.</summary>
    public async Task<ServerProcess> SpawnAsync(NetworkNamespace? ns, SpawnSpec spec, CancellationToken cancellationToken)
    {
        var process = await Spawner.SpawnAsync(ns, spec, cancellationToken);
        lock (_lock)
        {
            _processes.Add(process);
        }
        return process;
    }

    /// <summary>Runs a command to its end; fails the test if it does not succeed.</summary>
    public async Task<string> RunAsync(NetworkNamespace? ns, string[] command, CancellationToken cancellationToken)
    {
        const int MaxOutput = 1024 * 1024;
        var result = await Spawner.RunToEndAsync(ns, new SpawnSpec(command[0], command[1..]), Eventually.DefaultDeadline, MaxOutput, cancellationToken);
        Xunit.Assert.True(result.IsSuccess, $"{string.Join(' ', command)}: {result.Exit} {result.Error}");
        return result.Output;
    }

    /// <summary>Starts a program that is nobody's server, and is known for what it is: just after a start its command line is still empty.</summary>
    public async Task<ServerProcess> SpawnSleeperAsync(CancellationToken cancellationToken)
    {
        var sleeper = await SpawnAsync(null, new("/bin/sleep", ["1000"]), cancellationToken);
        await Eventually.TrueAsync(() => ProcessIdentity.TryRead(sleeper.Identity.Pid, "/bin/sleep") is not null, cancellationToken: cancellationToken);
        return sleeper;
    }

    /// <summary>Kills processes that a driver under test has started, as far as they still live.</summary>
    public async Task KillAsync(IEnumerable<ProcessIdentity> identities, CancellationToken cancellationToken)
    {
        foreach (var identity in identities)
        {
            using var process = Watcher.Adopt(identity).Process;
            if (process is not null)
            {
                _ = await process.TerminateAsync(TimeSpan.Zero, cancellationToken);
            }
        }
    }

    /// <summary>Kills the processes and deletes the namespaces and links, whatever state the test left them in.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            using (process)
            {
                _ = await process.TerminateAsync(TimeSpan.Zero, CancellationToken.None);
            }
        }
        foreach (var ns in _namespaces)
        {
            ns.Dispose();
        }
        foreach (var name in Namespaces.List().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            _ = Namespaces.Delete(name);
        }
        _ = Host.TryExecute(b => _links.ForEach(name => b.DeleteLink(name).Unless(Errno.ENODEV)));
        Host.Dispose();
        Watcher.Dispose();
        Broker.Dispose();
    }
}
