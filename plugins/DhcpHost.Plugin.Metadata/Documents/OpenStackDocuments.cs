using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Metadata.Documents;

/// <summary>The documents that OpenStack's metadata service has (Nova's user guide, "Metadata"), in the form of all its versions at once.</summary>
internal static class OpenStackDocuments
{
    private const int SeedBytes = 512;
    private static readonly JsonWriterOptions Options = new() { Indented = false };
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    /// <summary>The versions that are spoken, all alike.</summary>
    public static IReadOnlyList<string> Versions { get; } =
        ["2012-08-10", "2013-04-04", "2013-10-17", "2015-10-15", "2016-06-30", "2016-10-06", "2017-02-22", "2018-08-27", "2020-10-14", "latest"];

    /// <summary>The document at a path below a version; <c>null</c> where there is none.</summary>
    public static Document? Find(InstanceDocuments instance, ReadOnlySpan<string> path) => path switch
    {
        [] => Document.Lines(Names(instance)),
        ["meta_data.json"] => Document.Json(Write(writer => WriteMetadata(writer, instance))),
        ["network_data.json"] => Document.Json(Write(writer => WriteNetwork(writer, instance))),
        ["user_data"] => instance.UserData is { } data ? Document.Data(data) : null,
        ["vendor_data.json"] => Document.Json(instance.VendorData ?? Nothing),
        ["vendor_data2.json"] => Document.Json(instance.VendorData2 ?? Nothing),
        _ => null,
    };

    private static IEnumerable<string> Names(InstanceDocuments instance)
    {
        IEnumerable<string> names = ["meta_data.json", "network_data.json", "vendor_data.json", "vendor_data2.json"];
        return instance.UserData is null ? names : names.Append("user_data");
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, InstanceDocuments instance)
    {
        var told = instance.Told;
        writer.WriteString("uuid", told.InstanceId);
        writer.WriteString("name", instance.ShortName);
        writer.WriteString("hostname", told.Hostname);
        writer.WriteString("availability_zone", told.AvailabilityZone);
        writer.WriteNumber("launch_index", 0);
        writer.WriteString("project_id", instance.Port.ProjectId.Length > 0 ? instance.Port.ProjectId : instance.Network.ProjectId);
        WriteMap(writer, "meta", told.Meta);
        if (told.PublicKeys.Count > 0)
        {
            WriteMap(writer, "public_keys", told.PublicKeys);
            writer.WriteStartArray("keys");
            foreach (var (name, key) in told.PublicKeys)
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteString("type", "ssh");
                writer.WriteString("data", key);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteStartArray("devices");
        writer.WriteEndArray();
        writer.WriteBase64String("random_seed", RandomNumberGenerator.GetBytes(SeedBytes));
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, EquatableMap map)
    {
        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>One link, with DHCP for each subnet: the addresses are what this host's DHCP server gives.</summary>
    private static void WriteNetwork(Utf8JsonWriter writer, InstanceDocuments instance)
    {
        const string LinkId = "interface0";
        writer.WriteStartArray("links");
        if (instance.Port.MacAddress is { } mac)
        {
            writer.WriteStartObject();
            writer.WriteString("id", LinkId);
            writer.WriteString("vif_id", instance.Port.Id.Value);
            writer.WriteString("type", "phy");
            writer.WriteString("ethernet_mac_address", mac.ToString());
            if (instance.Network.Mtu > 0)
            {
                writer.WriteNumber("mtu", instance.Network.Mtu);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("networks");
        var number = 0;
        foreach (var subnet in instance.Port.MacAddress is null ? [] : instance.Subnets)
        {
            writer.WriteStartObject();
            writer.WriteString("id", $"network{number++}");
            writer.WriteString("network_id", instance.Network.Id.Value);
            writer.WriteString("link", LinkId);
            writer.WriteString("type", Type(subnet));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("services");
        foreach (var address in instance.Subnets.SelectMany(subnet => subnet.DnsNameservers).Distinct())
        {
            writer.WriteStartObject();
            writer.WriteString("type", "dns");
            writer.WriteString("address", address.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Type(Subnet subnet) => subnet.IpVersion == 4 ? "ipv4_dhcp" : subnet.IPv6AddressMode switch
    {
        IPv6Mode.Slaac => "ipv6_slaac",
        IPv6Mode.Dhcpv6Stateless => "ipv6_dhcpv6-stateless",
        _ => "ipv6_dhcpv6-stateful",
    };
}
