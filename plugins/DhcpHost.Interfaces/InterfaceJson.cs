using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Interfaces;

/// <summary>Interfaces and their handles as JSON, in the form of <see cref="ModelJson"/>, member by member.</summary>
/// <remarks>
/// Not by a serialiser: a driver's code is compiled at each start of the host, and a serialiser makes a hundred methods of these two types, whether it learns
/// of them by reflection or by generated code.
/// </remarks>
internal static class InterfaceJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(DesiredInterface desired)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("namespace", desired.Namespace);
            writer.WriteString("device", desired.Device);
            writer.WriteString("host_device", desired.HostDevice);
            writer.WriteString("bridge", desired.Bridge);
            writer.WriteString("mac_address", desired.MacAddress.ToString());
            writer.WriteNumber("mtu", desired.Mtu);
            writer.WriteStartArray("addresses");
            foreach (var address in desired.Addresses)
            {
                writer.WriteStringValue(address.ToString());
            }

            writer.WriteEndArray();
            writer.WriteStartArray("gateways");
            foreach (var gateway in desired.Gateways)
            {
                writer.WriteStringValue(gateway.ToString());
            }

            writer.WriteEndArray();
            writer.WriteString("port_id", desired.PortId);
            if (desired.VlanId is { } vlan)
            {
                writer.WriteNumber("vlan_id", vlan);
            }

            writer.WriteBoolean("shares_namespace", desired.SharesNamespace);
            writer.WriteBoolean("detects_duplicate_addresses", desired.DetectsDuplicateAddresses);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What <see cref="Write(DesiredInterface)"/> wrote; <c>null</c> where the text is something else.</summary>
    public static DesiredInterface? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var state = document.RootElement;
            return new()
            {
                Namespace = Text(state, "namespace"),
                Device = Text(state, "device"),
                HostDevice = Text(state, "host_device"),
                Bridge = Text(state, "bridge"),
                MacAddress = MacAddress.Parse(Text(state, "mac_address")),
                Mtu = Find(state, "mtu") is { } mtu ? mtu.GetInt32() : 0,
                Addresses = Addresses(state),
                Gateways = Gateways(state),
                PortId = Find(state, "port_id") is { } port ? port.GetString() ?? "" : "",
                VlanId = Find(state, "vlan_id") is { } vlan ? vlan.GetInt32() : null,
                SharesNamespace = Find(state, "shares_namespace") is { } shares && shares.GetBoolean(),
                DetectsDuplicateAddresses = Find(state, "detects_duplicate_addresses") is { } detects && detects.GetBoolean(),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // No JSON, a member that is missing, of another kind, or not of its form.
            return null;
        }
    }

    public static byte[] Write(DriverHandle handle)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("driver_id", handle.DriverId.Value);
            writer.WriteStartObject("server");
            writer.WriteString("network_id", handle.Server.NetworkId.Value);
            if (handle.Server.SegmentId is { } segment)
            {
                writer.WriteString("segment_id", segment.Value);
            }

            writer.WriteEndObject();
            writer.WriteNumber("version", handle.Version);
            writer.WriteString("state", handle.State);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What <see cref="Write(DriverHandle)"/> wrote; <c>null</c> where the text is something else.</summary>
    public static DriverHandle? ReadHandle(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var handle = document.RootElement;
            var server = handle.GetProperty("server");
            return new(
                new(Text(handle, "driver_id")),
                new(new(Text(server, "network_id")), Find(server, "segment_id") is { } segment ? new(segment.GetString()!) : null),
                handle.GetProperty("version").GetInt32(),
                Text(handle, "state"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // No JSON, a member that is missing, of another kind, or not of its form.
            return null;
        }
    }

    private static EquatableArray<IPInterfaceAddress> Addresses(JsonElement state)
    {
        var addresses = ImmutableArray.CreateBuilder<IPInterfaceAddress>();
        if (Find(state, "addresses") is { } list)
        {
            foreach (var address in list.EnumerateArray())
            {
                addresses.Add(IPInterfaceAddress.Parse(address.GetString()!, null));
            }
        }

        return new(addresses.DrainToImmutable());
    }

    private static EquatableArray<IPAddress> Gateways(JsonElement state)
    {
        var gateways = ImmutableArray.CreateBuilder<IPAddress>();
        if (Find(state, "gateways") is { } list)
        {
            foreach (var gateway in list.EnumerateArray())
            {
                gateways.Add(IPAddress.Parse(gateway.GetString() ?? throw new JsonException("a gateway is null")));
            }
        }

        return new(gateways.DrainToImmutable());
    }

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null");

    private static JsonElement? Find(JsonElement element, string name) =>
        element.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
}
