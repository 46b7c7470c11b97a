namespace DhcpHost.Linux.Files;

/// <summary>A file's bytes as they were at one moment.</summary>
/// <param name="Bytes">All of them, or one more than the bound where the file is larger.</param>
/// <param name="ModifiedAt">When it was last written.</param>
public sealed record FileContent(ReadOnlyMemory<byte> Bytes, DateTimeOffset ModifiedAt);
