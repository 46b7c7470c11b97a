using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Toml;

/// <summary>A bound value, or every error that kept the table from being one.</summary>
/// <typeparam name="T">The type that was asked for.</typeparam>
/// <param name="Value">The value; <c>null</c> where there are errors.</param>
/// <param name="Errors">The errors, in the order of their places.</param>
public sealed record TomlBindResult<T>(T? Value, ImmutableArray<TomlError> Errors)
    where T : class
{
    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;
}
