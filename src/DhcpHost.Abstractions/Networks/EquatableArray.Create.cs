using System.Collections.Immutable;

namespace DhcpHost.Abstractions.Networks;

/// <summary>Makes <see cref="EquatableArray{T}"/>s; lets collection expressions (<c>[a, b]</c>) build them.</summary>
public static class EquatableArray
{
    /// <summary>Copies the items.</summary>
    public static EquatableArray<T> Create<T>(ReadOnlySpan<T> items) => new(ImmutableArray.Create(items));

    /// <summary>Copies the items of any sequence.</summary>
    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items) => new([.. items]);
}
