using System.ComponentModel.DataAnnotations;
using System.Reflection;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Toml.Binding;

/// <summary>How a type is made from a table: its constructor and its members by key.</summary>
internal sealed class ObjectShape
{
    private readonly Dictionary<string, BoundMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _removed = new(StringComparer.Ordinal);

    private ObjectShape(Type type, ConstructorInfo? constructor)
    {
        Type = type;
        Constructor = constructor;
        var attributes = type.GetCustomAttributes(inherit: true);
        Rules = [.. attributes.OfType<ValidationAttribute>()];
        foreach (var removed in attributes.OfType<RemovedKeyAttribute>())
        {
            _removed[removed.Key] = removed.Cure;
        }
    }

    public Type Type { get; }

    /// <summary>The constructor whose parameters are keys; <c>null</c> where the parameterless one is used.</summary>
    public ConstructorInfo? Constructor { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    public IReadOnlyCollection<BoundMember> Members => _members.Values;

    public IReadOnlyList<BoundMember> Required { get; private set; } = [];

    /// <summary>Members whose value, be it the default, is looked at.</summary>
    public IReadOnlyList<BoundMember> MustHaveValue { get; private set; } = [];

    public IEnumerable<string> Keys => _members.Keys;

    /// <summary>The shape of a type; <c>null</c> where it cannot be made from a table.</summary>
    public static ObjectShape? Of(Type type)
    {
        if (type.IsAbstract || type.IsPointer || type.IsByRefLike || type.ContainsGenericParameters)
        {
            return null;
        }

        var constructors = type.GetConstructors();
        var hasEmpty = type.IsValueType || constructors.Any(candidate => candidate.GetParameters().Length == 0);
        if (!hasEmpty && constructors.Length != 1)
        {
            return null;
        }

        var constructor = hasEmpty ? null : constructors[0];
        var shape = new ObjectShape(type, constructor);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .ToList();
        foreach (var parameter in constructor?.GetParameters() ?? [])
        {
            var property = properties.Find(candidate => string.Equals(candidate.Name, parameter.Name, StringComparison.OrdinalIgnoreCase));
            shape.Add(BoundMember.Of(parameter, property));
        }

        foreach (var property in properties.Where(property => property.SetMethod is { IsPublic: true }))
        {
            shape.Add(BoundMember.Of(property));
        }

        shape.Required = [.. shape.Members.Where(member => member.IsRequired)];
        shape.MustHaveValue = [.. shape.Members.Where(member => member.MustHaveValue is not null && member.Property is not null)];
        return shape;
    }

    /// <summary>What to write instead of a key that there was once; <c>null</c> for others.</summary>
    public string? FindSuccessor(string key) => _removed.GetValueOrDefault(key);

    public BoundMember? Find(string key) => _members.GetValueOrDefault(key);

    private void Add(BoundMember member) => _members.TryAdd(member.Key, member);
}
