using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Toml.Tests.Options;

/// <summary>Options of every kind that the binder knows.</summary>
public sealed class HostSample
{
    /// <summary>The name of the host.</summary>
    [Required, StringLength(8, MinimumLength = 2)]
    public string Name { get; init; } = "";

    /// <summary>Hard limits.</summary>
    public LimitsSample Limits { get; init; } = new();

    /// <summary>How loud.</summary>
    public LoudnessSample Loudness { get; set; } = LoudnessSample.VeryQuiet;

    /// <summary>How long to wait.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to keep.</summary>
    [AllowInfinite]
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(1);

    public ByteSize Memory { get; init; } = ByteSize.FromMebibytes(64);

    public IPAddress? Address { get; init; }

    public IPNetwork? Network { get; init; }

    [RegularExpression("[a-z]+")]
    public IReadOnlyList<string> Tags { get; init; } = [];

    [MinLength(1)]
    public ImmutableArray<int> Numbers { get; init; } = [1];

    public HashSet<IPAddress> Servers { get; init; } = [];

    public List<RuleSample> Rules { get; init; } = [];

    public IReadOnlyDictionary<string, RuleSample> Named { get; init; } = ImmutableDictionary<string, RuleSample>.Empty;

    public Dictionary<string, object> Anything { get; init; } = [];

    public JsonElement Json { get; init; }

    public Dictionary<string, TomlTableView> Drivers { get; init; } = [];

    [AllowedValues("a", "b", null)]
    public string? Letter { get; init; }

    public double Ratio { get; init; } = 1.5;

    public decimal Price { get; init; }

    public long? Big { get; init; }

    public byte Small { get; init; }

    public DateOnly Day { get; init; }

    public bool Flag { get; init; }

    public Uri? Link { get; init; }

    public PairSample Pair { get; init; } = new();
}
