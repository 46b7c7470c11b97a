namespace DhcpHost.Logging;

/// <summary>How lines on standard error look.</summary>
public enum ConsoleFormat
{
    /// <summary><see cref="Journal"/> where systemd reads them, else <see cref="Terminal"/>.</summary>
    Auto,

    /// <summary>For people: a short time, the level, the network; in colour on a terminal.</summary>
    Terminal,

    /// <summary>For systemd: the level as <c>&lt;N&gt;</c>, no time (<c>sd-daemon(3)</c>).</summary>
    Journal,

    /// <summary>JSON, one object a line.</summary>
    Json,

    /// <summary>None at all.</summary>
    Off,
}
