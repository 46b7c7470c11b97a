using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Core.State;

/// <summary>Writes and reads a network in a database in memory, so that the code for it is compiled when the state file is opened.</summary>
public static class StateRehearsal
{
    /// <summary>Takes about as long as it saves later.</summary>
    public static void Run()
    {
        using var database = StateDatabase.Open(":memory:", readOnly: false);
        var network = Sample();
        var server = new ServerKey(network.Id, null);
        var stored = new StoredNetwork(network.Id)
            .With(new StoredHandle(DriverKind.Dhcp, new(new("rehearsal"), server, 1, "{}"), Fingerprint.Of(network)))
            .With(new StoredAttachment(
                null, network.Ports[0], new() { Namespace = "rehearsal", Device = "rehearsal", MacAddress = network.Ports[0].MacAddress!.Value }));
        database.Write(new() { Networks = [stored], Leases = [], Events = [] });
        _ = database.ReadNetworks();
        _ = database.ReadLastSequence();
    }

    private static Network Sample() => new()
    {
        Id = new("rehearsal"),
        Subnets = [
            new()
            {
                Id = new("v4"),
                Cidr = IPNetwork.Parse("192.0.2.0/24"),
                AllocationPools = [new(IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.9"))],
            }],
        Ports = [
            new() { Id = new("port"), MacAddress = MacAddress.Parse("02:00:00:00:00:01", null), FixedIps = [new(new("v4"), IPAddress.Parse("192.0.2.2"))] }],
    };
}
