namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>One of the two servers that a network may have.</summary>
internal sealed record KeaFamily(int Version)
{
    public static KeaFamily V4 { get; } = new(4);

    public static KeaFamily V6 { get; } = new(6);

    public static IReadOnlyList<KeaFamily> All { get; } = [V4, V6];

    /// <summary><c>dhcp4</c>: what its files are called.</summary>
    public string Name { get; } = $"dhcp{Version}";

    /// <summary><c>kea-dhcp4</c>.</summary>
    public string Program { get; } = $"kea-dhcp{Version}";

    /// <summary>What its commands about leases begin with: <c>lease4</c>.</summary>
    public string LeaseCommand { get; } = $"lease{Version}";

    public override string ToString() => Program;
}
