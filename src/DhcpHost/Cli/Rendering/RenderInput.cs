using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Neutron;

namespace DhcpHost.Cli.Rendering;

/// <summary>One thing to render: a network as Neutron sends it, and what an agent would know besides.</summary>
internal sealed record RenderInput
{
    private static readonly MacAddress AnyMac = MacAddress.Parse("fa:16:3e:00:00:00");

    /// <summary>The network, cut down to the subnets of its segment.</summary>
    public required Network Network { get; init; }

    public required ServerKey Server { get; init; }

    /// <summary>Addresses of the server's own interface.</summary>
    public required EquatableArray<IPInterfaceAddress> Addresses { get; init; }

    /// <summary>An agent's options; <c>null</c> for Neutron's defaults.</summary>
    public JsonElement? Conf { get; init; }

    /// <summary>Parts of the network that could not be read.</summary>
    public EquatableArray<Refusal> Refusals { get; init; }

    /// <summary>The interface that an agent would have made.</summary>
    public InterfaceBinding Interface => new() { Namespace = $"qdhcp-{Network.Id}", Device = "tap", MacAddress = AnyMac, Addresses = Addresses };

    /// <summary>Reads an object with <c>network</c> and, where they matter, <c>conf</c>, <c>interface_ips</c> and <c>segment</c>; or a network alone.</summary>
    /// <exception cref="RenderException">It cannot be read.</exception>
    public static RenderInput Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new RenderException("an object is expected: a network, or one with the keys conf, network, interface_ips and segment");
        }

        var isWhole = json.TryGetProperty("network", out var inner) && inner.ValueKind == JsonValueKind.Object;
        try
        {
            var (network, refusals) = NeutronMapping.ReadNetwork(isWhole ? inner : json);
            var segment = isWhole ? ReadSegment(json) : null;
            return new()
            {
                Network = segment is null
                    ? network
                    : network with { Subnets = network.Subnets.Where(subnet => subnet.SegmentId == segment).ToEquatableArray() },
                Server = new(network.Id, segment),
                Addresses = isWhole ? ReadAddresses(json) : [],
                Conf = isWhole && json.TryGetProperty("conf", out var conf) && conf.ValueKind != JsonValueKind.Null ? conf : null,
                Refusals = refusals,
            };
        }
        catch (NeutronFormatException e)
        {
            throw new RenderException(isWhole ? $"network.{e.Message}" : e.Message);
        }
    }

    /// <summary>A segment by its id, or as an object that has one.</summary>
    private static SegmentId? ReadSegment(JsonElement json)
    {
        if (!json.TryGetProperty("segment", out var segment) || segment.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var id = segment.ValueKind == JsonValueKind.Object && segment.TryGetProperty("id", out var inner) ? inner : segment;
        return id.ValueKind == JsonValueKind.String && SegmentId.TryParse(id.GetString(), null, out var value)
            ? value
            : throw new RenderException("segment: the id of a segment is expected, or an object that has one");
    }

    private static EquatableArray<IPInterfaceAddress> ReadAddresses(JsonElement json)
    {
        if (!json.TryGetProperty("interface_ips", out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind != JsonValueKind.Array
            ? throw new RenderException("interface_ips: a list is expected")
            : list.EnumerateArray().Select(
                item => item.ValueKind == JsonValueKind.String && IPInterfaceAddress.TryParse(item.GetString(), null, out var address)
                ? address
                : throw new RenderException("interface_ips: addresses with their prefix lengths are expected, as 10.0.0.2/24")).ToEquatableArray();
    }
}
