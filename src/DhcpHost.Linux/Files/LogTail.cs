using System.Text;

namespace DhcpHost.Linux.Files;

/// <summary>The end of a log.</summary>
public static class LogTail
{
    /// <summary>
    /// At most so many bytes, from the beginning of a line; empty where there is no such file, or no regular one: who writes a log may not be trusted.
    /// </summary>
    public static string Read(string path, int length)
    {
        using var file = ServerFile.TryOpen(path);
        if (file is null)
        {
            return "";
        }

        var isCut = file.Length > length;
        file.Position = isCut ? file.Length - length : 0;
        var bytes = new byte[length];
        var text = Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, length, throwOnEndOfStream: false));
        return (isCut && text.IndexOf('\n', StringComparison.Ordinal) is var at and >= 0 ? text[(at + 1)..] : text).Trim();
    }
}
