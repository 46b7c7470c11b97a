namespace DhcpHost.Core.Queue;

/// <summary>How much a piece of work is waited for. A higher one goes first.</summary>
public static class WorkPriority
{
    /// <summary>First sync and resync of networks that did not change.</summary>
    public const int Bulk = -100;

    /// <summary>First sync of networks that changed while the host was away.</summary>
    public const int ChangedWhileAway = -50;

    /// <summary>A live change.</summary>
    public const int Live = 0;

    /// <summary>A server that died: its clients are without one.</summary>
    public const int Restart = 50;

    /// <summary>An operator's command.</summary>
    public const int Operator = 100;
}
