using System.Net;
using System.Text.Json.Serialization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Workers;

namespace DhcpHost.Core.State;

/// <summary>
/// The model, and the details of events that each start has, as the state file has them: the same JSON as <see cref="ModelJson.Options"/>, by code that is
/// generated when the host is built, for a start that has to work it out by reflection takes a tenth of a second longer.
/// </summary>
/// <remarks>
/// The elements of an <see cref="EquatableArray{T}"/> are named one by one, since the generator does not see through its converter. A member that is missing
/// in the JSON gets its type's default, not the one that the model gives it: what an older host wrote has all members of its time.
/// </remarks>
[JsonSourceGenerationOptions(Converters = [typeof(IPAddressJsonConverter), typeof(ParsableJsonConverter<IPNetwork>)])]
[JsonSerializable(typeof(Network))]
[JsonSerializable(typeof(Port))]
[JsonSerializable(typeof(InterfaceBinding))]
[JsonSerializable(typeof(StoredFailure))]
[JsonSerializable(typeof(EquatableArray<Lease>))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(Subnet))]
[JsonSerializable(typeof(Segment))]
[JsonSerializable(typeof(FixedIp))]
[JsonSerializable(typeof(AllocationPool))]
[JsonSerializable(typeof(HostRoute))]
[JsonSerializable(typeof(DnsAssignment))]
[JsonSerializable(typeof(ExtraDhcpOption))]
[JsonSerializable(typeof(NetworkBootRule))]
[JsonSerializable(typeof(IPInterfaceAddress))]
[JsonSerializable(typeof(IPAddress))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(PoolResize))]
internal sealed partial class StateJson : JsonSerializerContext
{
    /// <summary>The one instance with the model's options.</summary>
    public static StateJson Model { get; } = new(ModelJson.CreateOptions());
}
