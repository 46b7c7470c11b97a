namespace DhcpHost.Plugin.Metadata.Documents;

/// <summary>An answer's content.</summary>
/// <param name="Body">The bytes.</param>
/// <param name="ContentType">What they are.</param>
internal sealed record Document(ReadOnlyMemory<byte> Body, string ContentType)
{
    private const string PlainText = "text/plain; charset=utf-8";

    public static Document Text(string text) => new(System.Text.Encoding.UTF8.GetBytes(text), PlainText);

    public static Document Lines(IEnumerable<string> lines) => Text(string.Join('\n', lines));

    public static Document Json(byte[] json) => new(json, "application/json");

    public static Document Data(byte[] bytes) => new(bytes, "application/octet-stream");
}
