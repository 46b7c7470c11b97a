using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Toml.Binding;

/// <summary>A property or constructor parameter that a key sets.</summary>
internal sealed class BoundMember
{
    private BoundMember(string name, Type type, PropertyInfo? property, ParameterInfo? parameter)
    {
        Name = name;
        Key = OptionKeys.KeyOf(name);
        Type = type;
        Property = property;
        Parameter = parameter;
        var attributes = Attributes(property).Concat(Attributes(parameter)).ToList();
        Rules = [.. attributes.OfType<ValidationAttribute>().Where(rule => rule is not RequiredAttribute)];
        AllowsInfinite = attributes.OfType<AllowInfiniteAttribute>().Any();
        MustHaveValue = attributes.OfType<RequiredAttribute>().FirstOrDefault();
        IsRequired = (property?.IsDefined(typeof(RequiredMemberAttribute)) ?? false) || parameter is { HasDefaultValue: false };
    }

    public string Name { get; }

    public string Key { get; }

    public Type Type { get; }

    public PropertyInfo? Property { get; }

    public ParameterInfo? Parameter { get; }

    /// <summary>Whether the key has to be there.</summary>
    public bool IsRequired { get; }

    /// <summary>Whether there has to be a value: the default may be one.</summary>
    public RequiredAttribute? MustHaveValue { get; }

    public bool AllowsInfinite { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    public static BoundMember Of(PropertyInfo property) => new(property.Name, property.PropertyType, property, null);

    public static BoundMember Of(ParameterInfo parameter, PropertyInfo? property) =>
        new(property?.Name ?? parameter.Name!, parameter.ParameterType, property, parameter);

    private static IEnumerable<Attribute> Attributes(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(inherit: true).OfType<Attribute>() ?? [];
}
