using System.Security.Cryptography;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.State;

/// <summary>
/// A short text that differs wherever two networks differ, and is the same in every run of the host. A source may count the network's changes anew in each of
/// its runs: that number is left out.
/// </summary>
internal static class Fingerprint
{
    public static string Of(Network network) =>
        Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(network with { RevisionNumber = 0 }, StateJson.Model.Network)).AsSpan(0, 12));
}
