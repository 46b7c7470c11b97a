using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>Refuses every <c>#r</c>: a script uses the contract and the base library.</summary>
internal sealed class RefusingReferenceResolver : MetadataReferenceResolver
{
    public override bool Equals(object? other) => other is RefusingReferenceResolver;

    public override int GetHashCode() => 0;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties) => [];
}
