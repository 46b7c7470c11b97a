using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;

namespace DhcpHost.Toml.Binding;

/// <summary>How a list, set or dictionary type is made from its items.</summary>
/// <param name="Type">The type that was asked for.</param>
/// <param name="ItemType">Of its items or values.</param>
/// <param name="KeyType">Of its keys; <c>null</c> for a list.</param>
internal sealed record CollectionShape(Type Type, Type ItemType, Type? KeyType)
{
    /// <summary>The shape of a type; <c>null</c> where it is no collection.</summary>
    public static CollectionShape? Of(Type type)
    {
        if (type.IsSZArray)
        {
            return new(type, type.GetElementType()!, null);
        }

        if (!typeof(IEnumerable).IsAssignableFrom(type))
        {
            return null;
        }

        if (!type.IsGenericType)
        {
            // A map with types of its own, such as EquatableMap.
            var map = Array.Find(type.GetInterfaces(), face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
            return map is null ? null : new(type, map.GetGenericArguments()[1], map.GetGenericArguments()[0]);
        }

        var arguments = type.GetGenericArguments();
        return arguments.Length switch
        {
            1 => new(type, arguments[0], null),
            2 => new(type, arguments[1], arguments[0]),
            _ => null,
        };
    }

    private Func<Array, object>? _listMaker;

    /// <summary>Makes the list. Throws <see cref="ArgumentException"/> where the type offers no way.</summary>
    public object MakeList(Array items)
    {
        if (Type.IsInstanceOfType(items))
        {
            return items;
        }

        if (_listMaker is not null)
        {
            return _listMaker(items);
        }

        if (Type.IsValueType && Type.GetConstructor([typeof(ImmutableArray<>).MakeGenericType(ItemType)]) is { } constructor)
        {
            // The model's own lists: looked up once for thousands of them.
            var toImmutable = Generic(nameof(ToImmutable), ItemType);
            _listMaker = some => constructor.Invoke([toImmutable.Invoke(null, [some])]);
            return _listMaker(items);
        }

        var immutable = Generic(nameof(ToImmutable), ItemType).Invoke(null, [items])!;
        return Type.IsInstanceOfType(immutable)
            ? immutable
            : From(typeof(ImmutableArray<>).MakeGenericType(ItemType), immutable)
                ?? From(typeof(IEnumerable<>).MakeGenericType(ItemType), items)
                ?? (object?)First([typeof(HashSet<>), typeof(List<>)], [ItemType], items)
                ?? Assignable(Generic(nameof(ToImmutableList), ItemType).Invoke(null, [items]))
                ?? Assignable(Generic(nameof(ToFrozenSet), ItemType).Invoke(null, [items]))
                ?? throw new ArgumentException($"the options type holds it in {Type.Name}, which no array makes");
    }

    /// <summary>An empty dictionary of the right types.</summary>
    public IDictionary NewEntries() =>
        (IDictionary)Activator.CreateInstance(_entriesType ??= typeof(Dictionary<,>).MakeGenericType(KeyType!, ItemType))!;

    private Type? _entriesType;

    /// <summary>Makes the dictionary. Throws <see cref="ArgumentException"/> where the type offers no way.</summary>
    public object MakeMap(IDictionary entries)
    {
        if (Type.IsInstanceOfType(entries))
        {
            return entries;
        }

        var sorted = Generic(nameof(ToSorted), KeyType!, ItemType).Invoke(null, [entries])!;
        return Assignable(sorted)
            ?? Assignable(Generic(nameof(ToImmutableDictionary), KeyType!, ItemType).Invoke(null, [entries]))
            ?? Assignable(Generic(nameof(ToFrozen), KeyType!, ItemType).Invoke(null, [entries]))
            ?? From(sorted.GetType(), sorted)
            ?? From(typeof(IDictionary<,>).MakeGenericType(KeyType!, ItemType), entries)
            ?? From(typeof(IEnumerable<>).MakeGenericType(typeof(KeyValuePair<,>).MakeGenericType(KeyType!, ItemType)), entries)
            ?? throw new ArgumentException($"the options type holds it in {Type.Name}, which no table makes");
    }

    private object? Assignable(object? candidate) => Type.IsInstanceOfType(candidate) ? candidate : null;

    private object? From(Type parameter, object argument) => Type.IsInterface || Type.IsAbstract ? null
        : Type.GetConstructor([parameter]) is { } exact ? exact.Invoke([argument])
        : null;

    private object? First(Type[] definitions, Type[] arguments, object items) => definitions
        .Select(definition => definition.MakeGenericType(arguments))
        .Where(Type.IsAssignableFrom)
        .Select(made => Activator.CreateInstance(made, items))
        .FirstOrDefault();

    private static MethodInfo Generic(string name, params Type[] arguments) =>
        typeof(CollectionShape).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(arguments);

    private static ImmutableArray<T> ToImmutable<T>(T[] items) => [.. items];

    private static ImmutableList<T> ToImmutableList<T>(T[] items) => [.. items];

    private static FrozenSet<T> ToFrozenSet<T>(T[] items) => items.ToFrozenSet();

    private static ImmutableSortedDictionary<TKey, TValue> ToSorted<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries.ToImmutableSortedDictionary(typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal : null);

    private static ImmutableDictionary<TKey, TValue> ToImmutableDictionary<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries.ToImmutableDictionary();

    private static FrozenDictionary<TKey, TValue> ToFrozen<TKey, TValue>(Dictionary<TKey, TValue> entries)
        where TKey : notnull => entries.ToFrozenDictionary();
}
