using System.Text;
using DhcpHost.Scripting.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>Gives <c>#load</c> the files that were read with the script, and no others.</summary>
internal sealed class SnapshotSourceResolver(ScriptSource source, IReadOnlyDictionary<string, string> texts) : SourceReferenceResolver
{
    public override string? NormalizePath(string path, string? baseFilePath) => path;

    public override string? ResolveReference(string path, string? baseFilePath) =>
        source.Loads.GetValueOrDefault(ScriptSource.LoadKey(baseFilePath ?? source.MainFile, path));

    public override Stream OpenRead(string resolvedPath) => new MemoryStream(Encoding.UTF8.GetBytes(texts[resolvedPath]));

    public override SourceText ReadText(string resolvedPath) => SourceText.From(texts[resolvedPath], Encoding.UTF8);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => source.Hash.GetHashCode(StringComparison.Ordinal);
}
