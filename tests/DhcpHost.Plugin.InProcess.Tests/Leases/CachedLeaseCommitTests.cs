namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>The same where the journal cannot be written past the page cache.</summary>
public sealed class CachedLeaseCommitTests() : LeaseCommitTests(CachedRoot);
