using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Networks;

namespace TestPlugins.Misbehaving;

/// <summary>The plugin's options.</summary>
public sealed class MisbehavingOptions
{
    /// <summary>The id of its driver.</summary>
    public DriverId DriverId { get; set; } = new("misbehaving");

    /// <summary>What its driver tells as its health; empty for good health.</summary>
    public string Health { get; set; } = "";

    /// <summary>A number with a rule.</summary>
    [Range(1, 10)]
    public int Number { get; set; } = 1;
}
