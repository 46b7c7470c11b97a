using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>What a running server has read, kept beside its files: also after a crash in the middle of an apply it tells what is still to be done.</summary>
/// <param name="Version">The form of this record; another is as good as none.</param>
/// <param name="Identity">The process.</param>
/// <param name="BinaryVersion">The version of the program that runs; the one on the disk may be newer.</param>
/// <param name="Digest">Of the configuration that it runs by; empty while that is being changed.</param>
internal sealed record AppliedState(int Version, ProcessIdentity Identity, string BinaryVersion, string Digest)
{
    public const int CurrentVersion = 1;

    public static string DigestOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Reads it; <c>null</c> where there is none that can be read.</summary>
    public static AppliedState? TryParse(string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(json, StateJson.Default.AppliedState) is { Version: CurrentVersion } state ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, StateJson.Default.AppliedState);
}

/// <summary>What is in a handle: the processes of a network.</summary>
internal sealed record HandleState(ProcessIdentity? Dhcp4, ProcessIdentity? Dhcp6)
{
    public ProcessIdentity? Of(KeaFamily family) => family == KeaFamily.V4 ? Dhcp4 : Dhcp6;

    /// <summary>What a handle says; nothing where it cannot be read.</summary>
    public static HandleState Read(DriverHandle? handle)
    {
        try
        {
            return (handle is null ? null : JsonSerializer.Deserialize(handle.State, StateJson.Default.HandleState)) ?? new(null, null);
        }
        catch (JsonException)
        {
            return new(null, null);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, StateJson.Default.HandleState);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AppliedState))]
[JsonSerializable(typeof(HandleState))]
internal sealed partial class StateJson : JsonSerializerContext;
