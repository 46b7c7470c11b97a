using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Toml;

/// <summary>A document, or every error that kept the text from being one.</summary>
/// <param name="Document">The document; <c>null</c> where there are errors.</param>
/// <param name="Errors">The errors, in the order of their places.</param>
public sealed record TomlParseResult(TomlDocument? Document, ImmutableArray<TomlError> Errors)
{
    /// <summary>Whether there is a document.</summary>
    [MemberNotNullWhen(true, nameof(Document))]
    public bool Succeeded => Document is not null;
}
