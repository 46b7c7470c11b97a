using System.Text.Json.Serialization;

namespace DhcpHost.Plugin.Kea.Configuration;

// Kea's configuration as far as this driver uses it, by the names of Kea's Administrator Reference Manual.

/// <summary>A whole configuration file.</summary>
internal sealed record KeaDocument
{
    [JsonPropertyName("Dhcp4")]
    public KeaServer? Dhcp4 { get; init; }

    [JsonPropertyName("Dhcp6")]
    public KeaServer? Dhcp6 { get; init; }
}

internal sealed record KeaServer
{
    public required KeaInterfaces InterfacesConfig { get; init; }

    public required KeaControlSocket ControlSocket { get; init; }

    public required KeaLeaseDatabase LeaseDatabase { get; init; }

    public KeaSanityChecks SanityChecks { get; } = new();

    public IReadOnlyList<KeaHook>? HooksLibraries { get; init; }

    public KeaMultiThreading MultiThreading { get; } = new();

    public string? DataDirectory { get; init; }

    public KeaServerId? ServerId { get; init; }

    public IReadOnlyList<string>? MacSources { get; init; }

    public required IReadOnlyList<string> HostReservationIdentifiers { get; init; }

    /// <summary>False: one address may be reserved for a MAC address and for an identifier, which are one client.</summary>
    public bool IpReservationsUnique { get; }

    /// <summary>False, as dnsmasq is by default: what other servers gave is theirs to refuse.</summary>
    public bool? Authoritative { get; init; }

    public bool DdnsSendUpdates { get; }

    public IReadOnlyList<KeaClass>? ClientClasses { get; init; }

    public required IReadOnlyList<KeaSharedNetwork> SharedNetworks { get; init; }

    public required IReadOnlyList<KeaLogger> Loggers { get; init; }
}

internal sealed record KeaInterfaces
{
    public required IReadOnlyList<string> Interfaces { get; init; }

    public string? DhcpSocketType { get; init; }

    /// <summary>A server that cannot open its sockets says so, instead of running deaf.</summary>
    public bool ServiceSocketsRequireAll { get; } = true;

    public int ServiceSocketsMaxRetries { get; }

    public bool ReDetect { get; } = true;
}

internal sealed record KeaControlSocket(string SocketName)
{
    public string SocketType { get; } = "unix";
}

internal sealed record KeaLeaseDatabase(string Name, long LfcInterval)
{
    public string Type { get; } = "memfile";

    public bool Persist { get; } = true;
}

internal sealed record KeaSanityChecks
{
    /// <summary>A lease of a subnet that has another number now gets that one.</summary>
    public string LeaseChecks { get; } = "fix";
}

internal sealed record KeaHook(string Library);

internal sealed record KeaMultiThreading
{
    public bool EnableMultiThreading { get; }
}

internal sealed record KeaServerId(string Identifier)
{
    public string Type { get; } = "LL";

    public int Htype { get; } = 1;

    public bool Persist { get; }
}

internal sealed record KeaLogger(string Name, string Severity, [property: JsonPropertyName("output_options")] IReadOnlyList<KeaLogOutput> OutputOptions);

internal sealed record KeaLogOutput(string Output)
{
    [JsonPropertyName("maxsize")]
    public int MaxSize { get; } = 1024 * 1024;

    [JsonPropertyName("maxver")]
    public int MaxVersions { get; } = 1;
}
