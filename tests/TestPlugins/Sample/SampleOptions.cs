using System.ComponentModel.DataAnnotations;

namespace TestPlugins.Sample;

/// <summary>The table <c>[drivers.sample]</c>.</summary>
public sealed class SampleOptions
{
    /// <summary>What each note begins with.</summary>
    [StringLength(80)]
    public string Greeting { get; set; } = "to serve";
}
