using System.Text.Json;
using DhcpHost.Abstractions.Status;
using DhcpHost.Cli.Terminal;

namespace DhcpHost.Cli.Commands;

/// <summary>Values of the model as cells.</summary>
internal static class Words
{
    /// <summary>An enum as the API writes it.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static Cell Phase(NetworkPhase phase) => new(Of(phase), phase switch
    {
        NetworkPhase.Ready => Tone.Good,
        NetworkPhase.Degraded or NetworkPhase.Retrying or NetworkPhase.Reconciling or NetworkPhase.Pending => Tone.Warning,
        NetworkPhase.Quarantined or NetworkPhase.Refused => Tone.Bad,
        _ => Tone.Muted,
    });

    public static Cell Severity(EventSeverity severity) => new(Of(severity), severity switch
    {
        EventSeverity.Info => Tone.Muted,
        EventSeverity.Warning => Tone.Warning,
        _ => Tone.Bad,
    });

    /// <summary>A count with its word: <c>1 network</c>, <c>2 networks</c>.</summary>
    public static string Count(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";
}
