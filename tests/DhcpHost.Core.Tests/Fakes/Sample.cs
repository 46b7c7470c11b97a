using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>Networks for tests.</summary>
internal static class Sample
{
    public static Network Network(string id, int ports = 2, long revision = 0) => new()
    {
        Id = new(id),
        Name = $"name of {id}",
        RevisionNumber = revision,
        Subnets = [Subnet($"{id}-v4", "10.0.0.0/24", "10.0.0.1")],
        Ports = Enumerable.Range(0, ports).Select(number => Port($"{id}-port-{number}", number, $"{id}-v4")).ToEquatableArray(),
    };

    public static Subnet Subnet(string id, string cidr, string? gateway = null) =>
        new() { Id = new(id), Cidr = IPNetwork.Parse(cidr), GatewayIp = gateway is null ? null : IPAddress.Parse(gateway) };

    public static Port Port(string id, int number, string subnet) => new()
    {
        Id = new(id),
        MacAddress = MacAddress.Parse($"fa:16:3e:00:{number / 256:x2}:{number % 256:x2}", null),
        FixedIps = [new(new(subnet), new IPAddress([10, 0, (byte)(number / 200), (byte)(10 + (number % 200))]))],
    };

    public static Network WithPort(this Network network, string id, int number) =>
        network with { Ports = network.Ports.Append(Port(id, number, $"{network.Id}-v4")).ToEquatableArray() };
}
