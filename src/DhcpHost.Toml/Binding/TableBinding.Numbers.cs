using System.Globalization;
using DhcpHost.Toml.Nodes;

namespace DhcpHost.Toml.Binding;

internal sealed partial class TableBinding
{
    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private object? Number(TomlNode node, Type type, ValueTarget target)
    {
        var code = Type.GetTypeCode(type);
        var isWhole = code < TypeCode.Single;
        if (node is TomlScalar { Kind: TomlScalarKind.Integer } whole)
        {
            return isWhole && !Fits(whole.Integer, code)
                ? Mismatch(node, target.Key, $"an integer between {Bound(type, "MinValue")} and {Bound(type, "MaxValue")}")
                : System.Convert.ChangeType(whole.Integer, type, CultureInfo.InvariantCulture);
        }

        if (!isWhole && node is TomlScalar { Kind: TomlScalarKind.Float } number)
        {
            return code switch
            {
                TypeCode.Double => number.Number,
                TypeCode.Single => (float)number.Number,
                _ when decimal.TryParse(
                    number.Text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) => exact,
                _ => Mismatch(node, target.Key, "a number that a decimal holds"),
            };
        }

        return Mismatch(node, target.Key, isWhole ? "an integer" : "a number", Unquoted(node));
    }

    private static bool Fits(long value, TypeCode code) => code switch
    {
        TypeCode.SByte => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        TypeCode.Byte => value is >= byte.MinValue and <= byte.MaxValue,
        TypeCode.Int16 => value is >= short.MinValue and <= short.MaxValue,
        TypeCode.UInt16 => value is >= ushort.MinValue and <= ushort.MaxValue,
        TypeCode.Int32 => value is >= int.MinValue and <= int.MaxValue,
        TypeCode.UInt32 => value is >= uint.MinValue and <= uint.MaxValue,
        TypeCode.UInt64 => value >= 0,
        _ => true,
    };

    private static string Bound(Type type, string name) =>
        System.Convert.ToString(type.GetField(name)!.GetValue(null), CultureInfo.InvariantCulture)!;
}
