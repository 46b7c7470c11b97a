namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>What is in a journal, without the room that was made behind it.</summary>
internal static class JournalFile
{
    public static int Used(string path) => Used(File.ReadAllBytes(path)).Length;

    public static ReadOnlySpan<byte> Used(byte[] bytes) => bytes.AsSpan(0, bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1);
}
