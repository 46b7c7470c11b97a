using System.Text.Json;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;
using static DhcpHost.Plugin.OpenVSwitch.Ovsdb.Operation;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>Ports of Open vSwitch's bridges, in the words of Neutron's <c>ovs_lib.OVSBridge</c>.</summary>
internal sealed class OvsSwitch(OvsdbClient client)
{
    /// <summary>Neutron's <c>DEAD_VLAN_TAG</c>: where a port is until the agent gives it a VLAN.</summary>
    public const int DeadVlan = 4095;

    /// <summary>What there is of a port, and whether a bridge is there.</summary>
    public async Task<(bool BridgeExists, OvsPort? Port)> FindAsync(string bridge, string name, CancellationToken cancellationToken)
    {
        var results = await TransactAsync(
            [
                Select("Bridge", Where("name", "==", bridge), "name"),
                Select("Port", Where("name", "==", name), "_uuid", "tag", "vlan_mode"),
                Select("Interface", Where("name", "==", name), "type", "external_ids", "error"),
            ],
            cancellationToken);
        var bridgeExists = Rows(results[0]).Count > 0;
        if (Rows(results[1]) is not [var row, ..])
        {
            return (bridgeExists, null);
        }

        var port = OvsPort.Parse(name, row, Rows(results[2]) is [var link, ..] ? link : null);
        var owners = await TransactAsync([Select("Bridge", Where("ports", "includes", Uuid(port.Uuid)), "name")], cancellationToken);
        return (bridgeExists, port with { Bridge = Rows(owners[0]) is [var owner, ..] ? owner.GetProperty("name").GetString() : null });
    }

    /// <summary>The names of all ports.</summary>
    public async Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken) =>
        Rows((await TransactAsync([Select("Port", [], "name")], cancellationToken))[0])
            .Select(row => row.GetProperty("name").GetString()!)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>Adds a port and waits until Open vSwitch has made it.</summary>
    public async Task AddAsync(OvsPortSpec spec, CancellationToken cancellationToken)
    {
        var link = new JsonObject { ["name"] = spec.Name, ["external_ids"] = spec.ExternalIds.ToMap() };
        if (spec.IsInternal)
        {
            link["type"] = "internal";
        }

        var port = new JsonObject { ["name"] = spec.Name, ["interfaces"] = NamedUuid("link") };
        foreach (var (column, value) in spec.Vlan.ToColumns())
        {
            port[column] = value;
        }

        await ConfigureAsync(
            [
                Insert("Interface", "link", link),
                Insert("Port", "port", port),
                Mutate("Bridge", Where("name", "==", spec.Bridge), "ports", "insert", NamedUuid("port")),
            ],
            $"make the port {spec.Name}",
            cancellationToken);
    }

    /// <summary>Takes a port off its bridge, where it is on one; waits until Open vSwitch has let go of it.</summary>
    /// <returns>False where ovs-vswitchd does not come: what it had made of the port stays behind.</returns>
    public async Task<bool> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var rows = Rows((await TransactAsync([Select("Port", Where("name", "==", name), "_uuid")], cancellationToken))[0]);
        return rows is not [var row, ..] || await AsDriverFailureAsync(() => client.ConfigureAsync(
            [Mutate(
                "Bridge",
                Where("ports", "includes", Uuid(row.GetProperty("_uuid")[1].GetString()!)),
                "ports",
                "delete",
                Uuid(row.GetProperty("_uuid")[1].GetString()!))],
            cancellationToken));
    }

    /// <summary>Sets what Neutron's agents know a port by; other external ids stay.</summary>
    public Task SetExternalIdsAsync(string name, OvsExternalIds ids, CancellationToken cancellationToken) =>
        ConfigureAsync(
            [
                Mutate(
                    "Interface",
                    Where("name", "==", name),
                    "external_ids",
                    "delete",
                    new JsonArray("set", new JsonArray([.. ids.Pairs.Select(pair => JsonValue.Create(pair.Key))]))),
                Mutate("Interface", Where("name", "==", name), "external_ids", "insert", ids.ToMap()),
            ],
            $"set the external ids of {name}",
            cancellationToken);

    /// <summary>Sets a port's VLAN.</summary>
    public Task SetVlanAsync(string name, OvsVlan vlan, CancellationToken cancellationToken) =>
        ConfigureAsync([Update("Port", Where("name", "==", name), new JsonObject(vlan.ToColumns()!))], $"set the VLAN of {name}", cancellationToken);

    private async Task ConfigureAsync(IEnumerable<JsonObject> operations, string what, CancellationToken cancellationToken)
    {
        if (!await AsDriverFailureAsync(() => client.ConfigureAsync(operations, cancellationToken)))
        {
            throw new DhcpHostException(FailureKind.Transient, $"ovs-vswitchd did not {what} in time: is it running?");
        }
    }

    private Task<IReadOnlyList<JsonElement>> TransactAsync(IEnumerable<JsonObject> operations, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(() => client.TransactAsync(operations, cancellationToken));

    private static List<JsonElement> Rows(JsonElement result) => [.. result.GetProperty("rows").EnumerateArray()];

    private static async Task<T> AsDriverFailureAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (OvsdbException exception)
        {
            throw new DhcpHostException(FailureKind.Transient, exception.Message, exception);
        }
    }
}
