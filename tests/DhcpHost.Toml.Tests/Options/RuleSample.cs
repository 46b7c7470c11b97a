namespace DhcpHost.Toml.Tests.Options;

/// <summary>A record with a primary constructor and a required member.</summary>
public sealed record RuleSample(string FileName, int Order = 7)
{
    public required LoudnessSample Loudness { get; init; }

    public string? Note { get; init; }
}
