using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Scripting.Policies;

/// <summary>Examples that a new script is tried with: an ordinary network, and one that has nothing.</summary>
internal static class PolicyProbes
{
    private static readonly Network Empty = new() { Id = new("example-empty") };

    private static readonly Network Ordinary = new()
    {
        Id = new("example"),
        Name = "example",
        ProjectId = "example-project",
        Mtu = 1500,
        RevisionNumber = 1,
        Attachment = new() { Bridge = "br0" },
        Subnets =
        [
            new()
            {
                Id = new("example-v4"),
                Cidr = IPNetwork.Parse("192.0.2.0/24"),
                GatewayIp = IPAddress.Parse("192.0.2.1"),
                DynamicPools = [new(IPAddress.Parse("192.0.2.100"), IPAddress.Parse("192.0.2.199"))],
            },
            new() { Id = new("example-v6"), Cidr = IPNetwork.Parse("2001:db8::/64"), GatewayIp = IPAddress.Parse("2001:db8::1") },
        ],
        Ports = [new() { Id = new("example-port"), Name = "client", MacAddress = MacAddress.Parse("02:00:00:00:00:01", null) }],
    };

    private static readonly DriverSelection Drivers = new() { Interface = new("bridge"), Dhcp = new("dnsmasq") };

    public static IReadOnlyList<AdmitNetworkContext> AdmitNetwork { get; } =
        [.. Networks.Select(network => new AdmitNetworkContext { Network = network, Source = new("files"), ServedNetworks = 1 })];

    public static IReadOnlyList<SelectDriverContext> SelectDriver { get; } =
    [
        .. Networks.Select(network => new SelectDriverContext
        {
            Network = network,
            Default = Drivers,
            Current = network == Ordinary ? Drivers : null,
            InterfaceDrivers = [new("bridge")],
            DhcpDrivers = [new("dnsmasq")],
        }),
    ];

    public static IReadOnlyList<ServerOptionsContext> ServerOptions { get; } =
        [.. Networks.Select(network => new ServerOptionsContext { Network = network, Default = new ServerOptions() })];

    public static IReadOnlyList<InstanceMetadataContext> InstanceMetadata { get; } =
    [
        .. Ordinary.Ports.Append(new() { Id = new("example-bare") }).Select(port => new InstanceMetadataContext
        {
            Network = Ordinary with { Ports = [] },
            Port = port,
            Default = Abstractions.Drivers.InstanceMetadata.Of(port),
        }),
    ];

    public static IReadOnlyList<PoolSizeContext> PoolSize { get; } = [CreatePool(0, 0), CreatePool(200, 50)];

    public static IReadOnlyList<RetryDelayContext> RetryDelay { get; } =
        [.. Enum.GetValues<FailureKind>().SelectMany(kind => new[] { CreateRetry(kind, 1), CreateRetry(kind, 11) })];

    private static Network[] Networks => [Ordinary, Empty];

    private static PoolSizeContext CreatePool(int networks, int pending) => new()
    {
        Networks = networks,
        Pending = pending,
        Running = Math.Min(pending, 4),
        CurrentSize = 4,
        RecentLatency = networks == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(40),
        RecentFailures = 0,
        Cpus = 2,
        Min = 1,
        Max = 16,
    };

    private static RetryDelayContext CreateRetry(FailureKind kind, int attempt) => new()
    {
        NetworkId = new("example"),
        Kind = kind,
        Message = "an example",
        Attempt = attempt,
        Random = 0.5,
        MinDelay = TimeSpan.FromSeconds(1),
        MaxDelay = TimeSpan.FromMinutes(5),
        MaxAttempts = 10,
    };
}
