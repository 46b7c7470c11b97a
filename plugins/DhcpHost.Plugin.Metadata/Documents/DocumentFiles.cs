using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Metadata.Documents;

/// <summary>
/// The operator's files. Each is looked for in the instance's directory (<c>NETWORK/PORT</c>, then <c>NETWORK/INSTANCE</c>), in its network's, and in that
/// of all networks; the nearest goes before what the policy says. Read at each request: a changed file needs no word to the host.
/// </summary>
internal sealed partial class DocumentFiles(string root, long maxBytes)
{
    private const string OverridesName = "meta-data.json";

    /// <summary>Puts together what an instance is told.</summary>
    /// <exception cref="DhcpHostException">A file cannot be read, is too large, or is not what it should be.</exception>
    public async Task<InstanceDocuments> ReadAsync(Network network, Port port, InstanceMetadata told, CancellationToken cancellationToken)
    {
        string[] places = [.. Directories(network, port)];
        if (await ReadNearestAsync(places, OverridesName, cancellationToken) is { } overrides)
        {
            told = Overrides.Parse(overrides).Over(told);
        }

        return new(
            network,
            port,
            told,
            await ReadNearestAsync(places, "user-data", cancellationToken) ?? Bytes(told.UserData),
            await ReadNearestAsync(places, "vendor-data.json", cancellationToken) ?? Bytes(told.VendorData),
            await ReadNearestAsync(places, "vendor-data2.json", cancellationToken));
    }

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private IEnumerable<string> Directories(Network network, Port port)
    {
        foreach (var name in new[] { port.Id.Value, port.DeviceId }.Where(name => Name().IsMatch(name)).Distinct())
        {
            yield return Path.Combine(root, network.Id.Value, name);
        }

        yield return Path.Combine(root, network.Id.Value);
        yield return root;
    }

    private async Task<byte[]?> ReadNearestAsync(string[] places, string name, CancellationToken cancellationToken)
    {
        foreach (var path in places.Select(place => Path.Combine(place, name)))
        {
            try
            {
                var file = new FileInfo(path);
                if (!file.Exists)
                {
                    continue;
                }

                return file.Length <= maxBytes
                    ? await File.ReadAllBytesAsync(path, cancellationToken)
                    : throw new DhcpHostException(FailureKind.Limit, $"{path} has {file.Length} bytes; drivers.metadata.max_document_bytes is {maxBytes}.");
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Taken away meanwhile.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DhcpHostException(FailureKind.Transient, $"{path} cannot be read: {e.Message}", e);
            }
        }

        return null;
    }

    // What a directory may be named: a device's id is what the source says, and must not lead elsewhere.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}\z")]
    private static partial Regex Name();

    /// <summary>What <c>meta-data.json</c> may say; what it leaves out stays.</summary>
    internal sealed record Overrides
    {
        public string? InstanceId { get; init; }

        public string? Hostname { get; init; }

        public string? AvailabilityZone { get; init; }

        public string? InstanceType { get; init; }

        public Dictionary<string, string>? PublicKeys { get; init; }

        public Dictionary<string, string>? Meta { get; init; }

        public static Overrides Parse(byte[] json)
        {
            try
            {
                return JsonSerializer.Deserialize(json, OverridesJson.Default.Overrides) ?? new();
            }
            catch (JsonException e)
            {
                throw new DhcpHostException(FailureKind.Invalid, $"{OverridesName}: {e.Message}", e);
            }
        }

        public InstanceMetadata Over(InstanceMetadata told) => told with
        {
            InstanceId = InstanceId ?? told.InstanceId,
            Hostname = Hostname ?? told.Hostname,
            AvailabilityZone = AvailabilityZone ?? told.AvailabilityZone,
            InstanceType = InstanceType ?? told.InstanceType,
            PublicKeys = PublicKeys is null ? told.PublicKeys : new(PublicKeys),
            Meta = Meta is null ? told.Meta : new(Meta),
        };
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(Overrides))]
    internal sealed partial class OverridesJson : JsonSerializerContext;
}
