using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DhcpHost.Scripting.Sources;

/// <summary>A script with all files that it loads, read once: what is hashed is what is compiled.</summary>
public sealed record ScriptSource
{
    private string? _hash;

    /// <summary>Its name: <c>pool-size</c>, <c>jobs/nightly</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required ScriptKind Kind { get; init; }

    /// <summary>Its own file, relative to the scripts' folder, with <c>/</c>.</summary>
    public required string MainFile { get; init; }

    /// <summary>The text of all files, by path relative to the scripts' folder.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Which file a <c>#load</c> means: by <see cref="LoadKey"/>.</summary>
    public required IReadOnlyDictionary<string, string> Loads { get; init; }

    /// <summary>Why a <c>#load</c> is refused: by <see cref="LoadKey"/>.</summary>
    public required IReadOnlyDictionary<string, string> RefusedLoads { get; init; }

    /// <summary>SHA-256 over names, texts and kind, as hex.</summary>
    public string Hash => _hash ??= ComputeHash();

    /// <summary>The start of the hash, for people.</summary>
    public string ShortHash => Hash[..8];

    /// <summary>The key of a <c>#load</c>.</summary>
    /// <param name="file">The file that has it.</param>
    /// <param name="path">What it says.</param>
    public static string LoadKey(string file, string path) => $"{file}\n{path}";

    private string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Kind.Id);
        Append(hash, MainFile);
        foreach (var (file, text) in Files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(hash, file);
            Append(hash, text);
        }

        foreach (var (key, reason) in RefusedLoads.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(hash, key);
            Append(hash, reason);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text)
    {
        // Each part with its length, so that no two different lists of parts give the same bytes.
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
