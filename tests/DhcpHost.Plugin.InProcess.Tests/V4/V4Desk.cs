using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V4;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.V4;
using DhcpHost.Serving;
using DhcpHost.Serving.V4;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>A responder with a store of its own, to hand packets to: 10.77.0.0/24 with a pool from .100 to .109, served from 10.77.0.2.</summary>
internal sealed class V4Desk : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-v4-").FullName;
    private readonly byte[] _buffer = new byte[4096];

    public V4Desk(DhcpPlan? plan = null, Dhcpv4Settings? settings = null)
    {
        Plan = plan ?? NewPlan();
        Store = new(Path.Combine(_directory, "leases"), Time, NullLogger.Instance);
        Leases = Store.Of(Plan.Server).IPv4;
        Responder = new(Leases, () => Store.Now, settings ?? new());
        Model = Build(Plan);
    }

    public static uint Server { get; } = Number("10.77.0.2");

    public DhcpPlan Plan { get; }

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public LeaseStore Store { get; }

    public LeaseTable Leases { get; }

    public Dhcpv4Responder Responder { get; }

    public Dhcpv4Model Model { get; private set; }

    public RefusalList Refusals { get; private set; } = new();

    public static uint Number(string address) => Address.ToNumber(IPAddress.Parse(address));

    public static DhcpPlan NewPlan(params Port[] ports) => SamplePlans.Make("n1", NewBinding("10.77.0.2/24"), null, ports);

    public static InterfaceBinding NewBinding(params string[] addresses) => new()
    {
        Namespace = "ns",
        Device = "tap0",
        MacAddress = MacAddress.Parse("fa:16:3e:ff:ff:ff"),
        Addresses = addresses.Select(address => IPInterfaceAddress.Parse(address, null)).ToEquatableArray(),
    };

    /// <summary>Serves another plan from now on.</summary>
    public void Swap(DhcpPlan plan)
    {
        Model = Build(plan);
        Responder.Prune(Model);
    }

    /// <summary>Hands over a message; what comes back is <see cref="V4Answer.IsNone"/> where nothing is to be sent.</summary>
    public V4Answer Ask(V4Question question) => AskRaw(question.Build());

    public V4Answer AskRaw(ReadOnlySpan<byte> packet, uint source = 0)
    {
        var reply = Responder.Respond(Model, packet, source, uint.MaxValue, _buffer);
        return new(reply, _buffer.AsSpan(0, reply.Length).ToArray());
    }

    /// <summary>DISCOVER and REQUEST of a client; the ACK, or whatever came in its place.</summary>
    public V4Answer Lease(int number)
    {
        var offer = Ask(new(Dhcpv4MessageType.Discover, number));
        return offer.IsNone ? offer : Ask(new(Dhcpv4MessageType.Request, number) { ServerIdentifier = Server, Requested = offer.YiAddr });
    }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private Dhcpv4Model Build(DhcpPlan plan)
    {
        Refusals = new();
        return new Dhcpv4ModelBuilder(plan, new SubnetSet(plan.Network), Refusals).Build()!;
    }
}
