namespace DhcpHost.Cli.Terminal;

/// <summary>A text with a meaning.</summary>
/// <param name="Text">The text; what comes from outside may hold anything, and is made harmless when it is shown.</param>
/// <param name="Tone">Its meaning.</param>
internal readonly record struct Cell(string? Text, Tone Tone = Tone.Normal)
{
    public static implicit operator Cell(string? text) => new(text);

    public static implicit operator Cell(int number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public static implicit operator Cell(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The text as it is shown: nothing in it steers a terminal, and it is one line.</summary>
    public string Shown => string.IsNullOrEmpty(Text) ? "-" : PlainText.Of(Text);
}
