using System.Collections;
using System.Net;
using System.Text.Json;
using DhcpHost.Abstractions.Options;
using DhcpHost.Toml.Binding;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Reference;

/// <summary>Types in an operator's words.</summary>
internal static class TypeNames
{
    public static string Of(BoundMember member) => Of(member.Type) + (member.AllowsInfinite ? " or \"infinite\"" : "");

    public static bool IsCollection(Type type) => type != typeof(string) && CollectionShape.Of(type) is not null;

    /// <summary>Whether the binder makes it from a table's keys.</summary>
    public static bool IsTable(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Scalar(type) is null && type != typeof(object) && type != typeof(JsonElement) && type != typeof(TomlTableView) && !IsCollection(type);
    }

    public static bool IsEmpty(object value) =>
        value is "" or (IEnumerable and not string) && value is IEnumerable items && !items.Cast<object?>().Any()
        || (value is JsonElement { ValueKind: JsonValueKind.Undefined })
        || (value.GetType().IsValueType && Scalar(value.GetType()) == "string" && string.IsNullOrEmpty(value.ToString()));

    private static string Of(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalar(type) is { } name)
        {
            return name;
        }

        if (IsCollection(type))
        {
            var shape = CollectionShape.Of(type)!;
            return shape.KeyType is null ? $"array of {Plural(Of(shape.ItemType))}" : $"table of {Plural(Of(shape.ItemType))} by name";
        }

        return type == typeof(object) || type == typeof(JsonElement) ? "any value" : "table";
    }

    private static string? Scalar(Type type) => type switch
    {
        _ when type == typeof(string) => "string",
        _ when type == typeof(bool) => "boolean",
        _ when type.IsEnum => TomlText.Choices([.. Enum.GetNames(type).Select(word => TomlText.Quote(OptionKeys.KeyOf(word)))]),
        _ when type == typeof(TimeSpan) => "duration",
        _ when type == typeof(ByteSize) => "size",
        _ when type == typeof(IPAddress) => "IP address",
        _ when type == typeof(IPNetwork) => "IP network",
        _ when type == typeof(Uri) => "URI",
        _ when Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64 => "integer",
        _ when Type.GetTypeCode(type) is TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "number",
        _ when type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IParsable<>)) =>
            type.Name.EndsWith("Id", StringComparison.Ordinal) ? "string" : $"string ({OptionKeys.KeyOf(type.Name).Replace('_', ' ')})",
        _ => null,
    };

    private static string Plural(string name) => name switch
    {
        "IP address" => "IP addresses",
        "any value" => "any values",
        _ when name.Contains('"', StringComparison.Ordinal) || name.EndsWith(')') || name.EndsWith('s') => name,
        _ => name + "s",
    };
}
