namespace DhcpHost.DriverConformance.Fakes;

/// <summary>What the fake driver was asked to do.</summary>
public enum FakeOperation
{
    /// <summary>ApplyAsync.</summary>
    Apply,

    /// <summary>PreviewAsync.</summary>
    Preview,

    /// <summary>RecoverAsync.</summary>
    Recover,

    /// <summary>InspectAsync.</summary>
    Inspect,

    /// <summary>RemoveAsync.</summary>
    Remove,

    /// <summary>DiscoverAsync; for no server in particular.</summary>
    Discover,

    /// <summary>ListLeasesAsync.</summary>
    ListLeases,

    /// <summary>ReleaseLeaseAsync.</summary>
    ReleaseLease,
}
