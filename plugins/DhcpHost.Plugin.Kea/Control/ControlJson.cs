using System.Text.Json.Serialization;

namespace DhcpHost.Plugin.Kea.Control;

/// <summary>Words in commands.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class ControlJson : JsonSerializerContext;
