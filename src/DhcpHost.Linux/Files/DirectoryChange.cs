namespace DhcpHost.Linux.Files;

/// <summary>What happened in a watched directory since the last one.</summary>
/// <param name="Names">Names of the files that were made, changed or deleted, without their directory.</param>
/// <param name="MustRescan">Something was missed: look at everything.</param>
/// <param name="IsGone">The directory itself was deleted, moved or unmounted; this is the last change.</param>
public sealed record DirectoryChange(IReadOnlyCollection<string> Names, bool MustRescan, bool IsGone);
