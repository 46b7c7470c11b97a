using System.Text.Json.Serialization;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Subnets on one wire.</summary>
internal sealed record KeaSharedNetwork
{
    public required string Name { get; init; }

    /// <summary>The interface of those that are directly connected; <c>null</c> for those behind relay agents.</summary>
    public string? Interface { get; init; }

    [JsonPropertyName("subnet4")]
    public IReadOnlyList<KeaSubnet>? Subnet4 { get; init; }

    [JsonPropertyName("subnet6")]
    public IReadOnlyList<KeaSubnet>? Subnet6 { get; init; }
}

internal sealed record KeaSubnet
{
    public required uint Id { get; init; }

    public required string Subnet { get; init; }

    public string? Interface { get; init; }

    public IReadOnlyList<KeaPool>? Pools { get; init; }

    public required uint ValidLifetime { get; init; }

    public uint? PreferredLifetime { get; init; }

    public uint? RenewTimer { get; init; }

    public uint? RebindTimer { get; init; }

    public bool CalculateTeeTimes { get; init; }

    [JsonPropertyName("t1-percent")]
    public double? RenewShare { get; init; }

    [JsonPropertyName("t2-percent")]
    public double? RebindShare { get; init; }

    public bool? MatchClientId { get; init; }

    public string? NextServer { get; init; }

    public string? ServerHostname { get; init; }

    public string? BootFileName { get; init; }

    public IReadOnlyList<KeaOption>? OptionData { get; init; }

    public IReadOnlyList<string>? RequireClientClasses { get; init; }

    public IReadOnlyList<KeaReservation>? Reservations { get; init; }
}

internal sealed record KeaPool(string Pool);

/// <summary>An option. Its content is ours to encode, so that Kea's own idea of it does not matter.</summary>
/// <param name="Code">Its number.</param>
/// <param name="Data">Its octets in hex.</param>
internal sealed record KeaOption(int Code, string Data)
{
    public bool CsvFormat { get; }

    /// <summary>True for one that is sent also to clients that did not ask for it.</summary>
    public bool? AlwaysSend { get; init; }
}

internal sealed record KeaReservation
{
    public string? HwAddress { get; init; }

    public string? ClientId { get; init; }

    public string? Duid { get; init; }

    public string? IpAddress { get; init; }

    public IReadOnlyList<string>? IpAddresses { get; init; }

    public string? Hostname { get; init; }

    public string? NextServer { get; init; }

    public IReadOnlyList<KeaOption>? OptionData { get; init; }

    public IReadOnlyList<string>? ClientClasses { get; init; }
}

internal sealed record KeaClass(string Name)
{
    public string? Test { get; init; }

    public bool? OnlyIfRequired { get; init; }

    public string? NextServer { get; init; }

    public string? ServerHostname { get; init; }

    public string? BootFileName { get; init; }

    public IReadOnlyList<KeaOption>? OptionData { get; init; }
}
