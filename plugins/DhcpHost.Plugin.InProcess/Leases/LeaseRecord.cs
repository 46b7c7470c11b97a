using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>An address that is taken. Belongs to the loop's thread, as its table does.</summary>
internal sealed class LeaseRecord
{
    /// <summary>The value of <see cref="ExpiresAt"/> of a lease without an end.</summary>
    public const long Never = long.MaxValue;

    /// <summary>The address as a number in host order: 32 bits for IPv4.</summary>
    public required UInt128 Address { get; init; }

    /// <summary>Who has it; see <see cref="ClientKey"/>. Empty for a declined address.</summary>
    public required byte[] Client { get; set; }

    /// <summary>The client's hardware address, where it is known.</summary>
    public MacAddress? MacAddress { get; set; }

    /// <summary>The name that the client was given or gave itself.</summary>
    public string? Hostname { get; set; }

    /// <summary>When it ends, in milliseconds of Unix time.</summary>
    public long ExpiresAt { get; set; }

    /// <summary>
    /// The end that the journal has for it, in the same time: that of the lease, or later, so that a lease that is renewed may be there already.
    /// </summary>
    public long NotedUntil { get; set; }

    /// <summary>The batch that <see cref="NotedUntil"/> was noted in.</summary>
    public long NotedIn { get; set; }

    /// <summary>The end that the disk has for it even if the last note is lost; 0 for none.</summary>
    public long DurableUntil { get; set; }

    /// <summary>Why it is taken.</summary>
    public LeaseState State { get; set; }

    /// <summary>The next lease of the same client in this table.</summary>
    public LeaseRecord? NextOfClient { get; set; }

    /// <summary>Whether it is still taken at a time.</summary>
    public bool IsActive(long now) => ExpiresAt > now;
}
