namespace DhcpHost.Plugin.Files.Scanning;

/// <summary>What a look at the directory gave.</summary>
/// <param name="Snapshot">The state now.</param>
/// <param name="Recheck">When something has to be looked at again, if so: a missing file, or one that is still being written.</param>
internal sealed record ScanResult(FilesSnapshot Snapshot, TimeSpan? Recheck);
