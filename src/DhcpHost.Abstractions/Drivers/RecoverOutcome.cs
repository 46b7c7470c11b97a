namespace DhcpHost.Abstractions.Drivers;

/// <summary>What became of something that a handle speaks of, while the host was away.</summary>
public enum RecoverOutcome
{
    /// <summary>It is there, provably ours, and adopted as it is.</summary>
    Recovered,

    /// <summary>It is provably gone.</summary>
    Gone,

    /// <summary>Something is there that cannot be proved ours: it is not touched.</summary>
    Foreign,
}
