namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>What a <see cref="Journal"/> does next.</summary>
internal enum JournalWork
{
    /// <summary>Appends what was added.</summary>
    Append,

    /// <summary>Has the file take this one's place that was written anew beside it.</summary>
    Switch,

    /// <summary>Writes the file anew, while all else waits.</summary>
    Rewrite,

    /// <summary>Makes room for what is to come.</summary>
    Tidy,
}
