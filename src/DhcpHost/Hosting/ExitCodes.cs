namespace DhcpHost.Hosting;

/// <summary>The exit codes of <c>dhcphost</c>; those above 64 are those of <c>sysexits.h</c>.</summary>
public static class ExitCodes
{
    /// <summary>Done; for <c>run</c>: stopped as asked.</summary>
    public const int Success = 0;

    /// <summary>It failed, for a reason that the message tells; for <c>check</c>: something is wrong.</summary>
    public const int Failure = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>The host is not running, or does not answer (<c>EX_UNAVAILABLE</c>).</summary>
    public const int Unavailable = 69;

    /// <summary>The host met a fault of its own (<c>EX_SOFTWARE</c>).</summary>
    public const int Software = 70;

    /// <summary>It cannot run now, but may later: another instance runs, a socket or a directory cannot be had (<c>EX_TEMPFAIL</c>).</summary>
    public const int Temporary = 75;

    /// <summary>It may not: root is needed (<c>EX_NOPERM</c>).</summary>
    public const int NoPermission = 77;

    /// <summary><c>host.toml</c> is wrong or missing (<c>EX_CONFIG</c>).</summary>
    public const int Config = 78;

    /// <summary>A command was interrupted (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by a second signal before all was in order (128 + SIGTERM).</summary>
    public const int Forced = 143;
}
