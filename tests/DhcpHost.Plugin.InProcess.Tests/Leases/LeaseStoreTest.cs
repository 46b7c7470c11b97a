using DhcpHost.Abstractions.Drivers;
using DhcpHost.Plugin.InProcess.Leases;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>A test of the leases' store, with a journal and a clock of its own.</summary>
public abstract class LeaseStoreTest : IDisposable
{
    private protected const long Hour = 3_600_000;
    private protected static readonly ServerKey Key = new(new("n1"));

    private readonly string _directory;

    private protected LeaseStoreTest(string? root = null) =>
        _directory = root is null
            ? Directory.CreateTempSubdirectory("dhcphost-leases-").FullName
            : Directory.CreateDirectory(Path.Combine(root, $"dhcphost-leases-{Path.GetRandomFileName()}")).FullName;

    /// <summary>Where files can be written through the page cache alone.</summary>
    private protected const string CachedRoot = "/dev/shm";

    private protected string FilePath => Path.Combine(_directory, "leases.journal");

    private protected SteppingTimeProvider Time { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected static byte[] Client(int number) => [1, (byte)number, (byte)(number >> 8), 9];

    private protected LeaseStore Open(long minRewriteSize = Journal.MinRewriteSize) =>
        new(FilePath, Time, NullLogger.Instance, minRewriteSize: minRewriteSize);

    /// <summary>What a host that starts now finds in the journal.</summary>
    private protected Dictionary<int, LeaseRecord> AfterCrash() => AfterCrash(File.ReadAllBytes(FilePath));

    /// <summary>What a host finds in a journal of these bytes.</summary>
    private protected Dictionary<int, LeaseRecord> AfterCrash(byte[] journal)
    {
        var path = Path.Combine(_directory, "crashed");
        File.WriteAllBytes(path, journal);
        using var store = new LeaseStore(path, Time, NullLogger.Instance, isReadOnly: true);
        return store.Of(Key).IPv4.All.ToDictionary(lease => (int)lease.Address);
    }
}
