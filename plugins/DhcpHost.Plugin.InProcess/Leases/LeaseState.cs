namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>Why an address is taken.</summary>
internal enum LeaseState : byte
{
    /// <summary>A client has it.</summary>
    Bound,

    /// <summary>A client or a probe found it in use by somebody else (RFC 2131 section 4.3.3): nobody gets it for a while.</summary>
    Declined,
}
