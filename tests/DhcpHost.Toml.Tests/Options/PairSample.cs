using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Toml.Tests.Options;

/// <summary>Keys that depend on each other.</summary>
public sealed record PairSample : IValidatableObject
{
    public string Certificate { get; init; } = "";

    public string Key { get; init; } = "";

    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    public int First { get; init; }

    public int Total { get; init; }

    public string? FailsWithoutIt { get; init; }

    public bool UsesIt { get; init; }

    public Dictionary<string, string> Nested { get; init; } = [];

    public bool NeedsNested { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Key.Length > 0 != Certificate.Length > 0)
        {
            yield return new(Key.Length > 0 ? "goes with a certificate" : "goes with a certificate's key", [nameof(Key), nameof(Certificate)]);
        }

        if (UsesIt && FailsWithoutIt!.Length == 0)
        {
            yield return new("is empty", [nameof(FailsWithoutIt)]);
        }

        if (Total > First)
        {
            yield return new("is too much", [nameof(Total), nameof(First)]);
        }

        if (NeedsNested && Nested.Count == 0)
        {
            yield return new("needs nested", [nameof(NeedsNested)]);
        }
    }
}
