namespace DhcpHost.Core.State;

/// <summary>How the state was found.</summary>
public enum StateOpening
{
    /// <summary>There, and read.</summary>
    Found,

    /// <summary>There was none.</summary>
    Fresh,

    /// <summary>It could not be read as a database: it was put aside, and a fresh one made.</summary>
    Corrupt,

    /// <summary>It cannot be opened now (disk full, no permission): the host goes on without, and tries again.</summary>
    Unavailable,
}
