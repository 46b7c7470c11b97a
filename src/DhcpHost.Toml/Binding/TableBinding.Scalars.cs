using System.Globalization;
using System.Net;
using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Binding;

internal sealed partial class TableBinding
{
    private readonly Dictionary<Type, Func<string, object?>?> _parsers = [];

    /// <summary>Converts to a type that one scalar makes. False where the type is not of that kind.</summary>
    private bool TryScalar(TomlNode node, Type type, ValueTarget target, out object? value)
    {
        value = null;
        if (type == typeof(string))
        {
            value = Text(node, target, "a string") is { } text ? text : null;
        }
        else if (type == typeof(bool))
        {
            value = node is TomlScalar { Kind: TomlScalarKind.Boolean } boolean ? boolean.IsTrue : Mismatch(node, target.Key, "true or false", Unquoted(node));
        }
        else if (type.IsEnum)
        {
            value = EnumValue(node, type, target);
        }
        else if (IsNumber(type))
        {
            value = Number(node, type, target);
        }
        else if (type == typeof(TimeSpan))
        {
            value = Duration(node, target);
        }
        else if (type == typeof(IPAddress))
        {
            value = Text(node, target, "an IP address") is { } text
                    ? AddressText.TryParseAddress(text, out var address)
                    ? address
                    : Mismatch(node, target.Key, "an IP address such as \"192.0.2.1\" or \"2001:db8::1\"")
                : null;
        }
        else if (type == typeof(IPNetwork))
        {
            value = Network(node, target);
        }
        else if (type == typeof(Uri))
        {
            value = Text(node, target, "a URI") is { } text
                ? Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : Mismatch(node, target.Key, "an absolute URI such as \"https://example.org/\"")
                : null;
        }
        else if (ParserOf(type) is { } parse)
        {
            value = Parsed(node, type, target, parse);
        }
        else
        {
            return false;
        }

        return true;
    }

    private string? Text(TomlNode node, ValueTarget target, string expected)
    {
        if (node is TomlScalar { Kind: TomlScalarKind.Text } scalar)
        {
            return scalar.Text;
        }

        _ = Mismatch(node, target.Key, expected, node is TomlScalar other ? $"write {TomlText.Quote(other.Text)}" : null);
        return null;
    }

    private object? EnumValue(TomlNode node, Type type, ValueTarget target)
    {
        var names = Enum.GetNames(type);
        var words = names.Select(OptionKeys.KeyOf).ToList();
        if (node is TomlScalar { Kind: TomlScalarKind.Text } scalar)
        {
            var index = words.IndexOf(scalar.Text.Replace('-', '_'));
            if (index >= 0)
            {
                return Enum.Parse(type, names[index]);
            }
        }

        return Mismatch(node, target.Key, TomlText.Choices([.. words.Select(TomlText.Quote)]));
    }

    private object? Duration(TomlNode node, ValueTarget target)
    {
        var allowsInfinite = target.Member?.AllowsInfinite ?? false;
        var expected = $"a duration such as \"30s\", \"250ms\", \"5m\", \"2h\" or \"1d\"{(allowsInfinite ? " or \"infinite\"" : "")}";
        if (node is not TomlScalar { Kind: TomlScalarKind.Text } scalar)
        {
            var cure = node is TomlScalar { Kind: TomlScalarKind.Integer or TomlScalarKind.Float } number
                ? $"add the unit: \"{TomlText.Shorten(number.Text)}s\""
                : null;
            return Mismatch(node, target.Key, expected, cure);
        }

        return allowsInfinite && scalar.Text == DurationText.Infinite ? Timeout.InfiniteTimeSpan
            : DurationText.TryParse(scalar.Text, out var duration) ? duration
            : Mismatch(node, target.Key, expected);
    }

    private object? Network(TomlNode node, ValueTarget target)
    {
        if (Text(node, target, "an IP network") is not { } text)
        {
            return null;
        }

        if (!AddressText.TryParseNetwork(text, out var network, out var isExact))
        {
            return Mismatch(node, target.Key, "an IP network such as \"192.0.2.0/24\" or \"2001:db8::/64\"");
        }

        return isExact ? network : Mismatch(node, target.Key, "a network without host bits", $"write \"{network}\"");
    }

    private object? Parsed(TomlNode node, Type type, ValueTarget target, Func<string, object?> parse)
    {
        if (node is TomlScalar { Kind: TomlScalarKind.DateTime } date && IsDate(type))
        {
            return Contain(node.Place, target.Key, (parse, date), static value => value.parse(value.date.Text));
        }

        if (type == typeof(Abstractions.Options.ByteSize) && node is TomlScalar { Kind: TomlScalarKind.Integer or TomlScalarKind.Float } number)
        {
            return Mismatch(node, target.Key, "a size in bytes with its unit", $"add the unit: \"{TomlText.Shorten(number.Text)}B\"");
        }

        return node is TomlScalar { Kind: TomlScalarKind.Text } text
            ? Contain(node.Place, target.Key, (parse, text), static value => value.parse(value.text.Text))
            : Text(node, target, $"a {OptionKeys.KeyOf(type.Name).Replace('_', ' ')} in quotes");
    }

    private Func<string, object?>? ParserOf(Type type)
    {
        if (!_parsers.TryGetValue(type, out var parser))
        {
            var isParsable = type.GetInterfaces().Any(candidate =>
                candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IParsable<>) && candidate.GetGenericArguments()[0] == type);
            parser = isParsable
                ? ((Func<Func<string, object?>>)Parser<int>)
                    .Method.GetGenericMethodDefinition()
                    .MakeGenericMethod(type)
                    .Invoke(null, null) as Func<string, object?>
                : null;
            _parsers.Add(type, parser);
        }

        return parser;
    }

    private static Func<string, object?> Parser<T>()
        where T : IParsable<T> => text => T.Parse(text, CultureInfo.InvariantCulture);

    private static bool IsDate(Type type) =>
        type == typeof(DateTimeOffset) || type == typeof(DateTime) || type == typeof(DateOnly) || type == typeof(TimeOnly);

    private static string? Unquoted(TomlNode node) => node is TomlScalar { Kind: TomlScalarKind.Text } ? "remove the quotes" : null;
}
