using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>An immutable map of strings, ordered by key (ordinal), that equals another by its pairs.</summary>
[JsonConverter(typeof(EquatableMapJsonConverter))]
public sealed class EquatableMap : IReadOnlyDictionary<string, string>, IEquatable<EquatableMap>
{
    private readonly ImmutableSortedDictionary<string, string> _pairs;

    /// <summary>Copies the pairs.</summary>
    /// <exception cref="ArgumentException">Two pairs have one key and different values.</exception>
    public EquatableMap(IEnumerable<KeyValuePair<string, string>> pairs) =>
        _pairs = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, pairs);

    /// <summary>The map without a pair.</summary>
    public static EquatableMap Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _pairs.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _pairs.Keys;

    /// <inheritdoc/>
    public IEnumerable<string> Values => _pairs.Values;

    /// <inheritdoc/>
    public string this[string key] => _pairs[key];

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _pairs.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value) => _pairs.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _pairs.GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(EquatableMap? other) => other is not null && (ReferenceEquals(this, other) || _pairs.SequenceEqual(other._pairs));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EquatableMap);

    /// <inheritdoc/>
    public override int GetHashCode() => _pairs.Aggregate(_pairs.Count, (hash, pair) => HashCode.Combine(hash, pair.Key, pair.Value));
}
