using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>An immutable list that equals another by its items, in order. <c>default</c> is the empty list.</summary>
/// <remarks>Records of the model hold their lists in it, so that two snapshots of a network compare by value.</remarks>
/// <typeparam name="T">The item, itself compared by value.</typeparam>
[CollectionBuilder(typeof(EquatableArray), nameof(EquatableArray.Create))]
[JsonConverter(typeof(EquatableArrayJsonConverterFactory))]
public readonly struct EquatableArray<T> : IReadOnlyList<T>, IEquatable<EquatableArray<T>>
{
    private readonly ImmutableArray<T> _items;

    /// <summary>Wraps an array without copying it.</summary>
    public EquatableArray(ImmutableArray<T> items) => _items = items;

    /// <summary>The number of items.</summary>
    public int Count => Items.Length;

    /// <summary>True where there is no item.</summary>
    public bool IsEmpty => Items.IsEmpty;

    /// <summary>The items as a span, for loops that allocate nothing.</summary>
    public ReadOnlySpan<T> Span => Items.AsSpan();

    private ImmutableArray<T> Items => _items.IsDefault ? [] : _items;

    /// <summary>The item at an index from 0.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such item.</exception>
    public T this[int index] => Items[index];

    /// <inheritdoc/>
    public bool Equals(EquatableArray<T> other) => Items == other.Items || Items.AsSpan().SequenceEqual(other.Items.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Items)
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }

    /// <summary>A struct enumerator for <c>foreach</c>.</summary>
    public ImmutableArray<T>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)Items).GetEnumerator();

    /// <summary>Equal by items.</summary>
    public static bool operator ==(EquatableArray<T> left, EquatableArray<T> right) => left.Equals(right);

    /// <summary>Not equal by items.</summary>
    public static bool operator !=(EquatableArray<T> left, EquatableArray<T> right) => !left.Equals(right);
}
