namespace DhcpHost.Cli.Terminal;

/// <summary>What a piece of text means, which decides its colour.</summary>
internal enum Tone
{
    /// <summary>Plain.</summary>
    Normal,

    /// <summary>Less important.</summary>
    Muted,

    /// <summary>What the line is about.</summary>
    Strong,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Under way, or to be known.</summary>
    Warning,

    /// <summary>Not as it should be.</summary>
    Bad,
}
