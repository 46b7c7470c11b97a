using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Binding;

/// <summary>Says the rules of DataAnnotations attributes as operators should read them: without the names of C# properties.</summary>
internal static class RuleText
{
    private static readonly string?[] FrameworksOwn = [new AllowedValuesAttribute().ErrorMessage, new DeniedValuesAttribute().ErrorMessage];

    /// <summary>Whether the options type's author gave the rule a message.</summary>
    public static bool HasOwnMessage(ValidationAttribute rule) =>
        rule.ErrorMessageResourceName is not null || (rule.ErrorMessage is { } message && !FrameworksOwn.Contains(message));

    /// <summary>The rule as "must …"; <c>null</c> for a rule that only its own message can say.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="isCollection">Whether it is about the number of items rather than a text's length.</param>
    public static string? Of(ValidationAttribute rule, bool isCollection)
    {
        var unit = isCollection ? "items" : "characters";
        return rule switch
        {
            RangeAttribute range => Range(range),
            StringLengthAttribute { MinimumLength: > 0 } length => $"must have {length.MinimumLength} to {length.MaximumLength} characters",
            StringLengthAttribute length => $"must have at most {length.MaximumLength} characters",
            LengthAttribute length => $"must have {length.MinimumLength} to {length.MaximumLength} {unit}",
            MinLengthAttribute length => $"must have at least {length.Length} {unit}",
            MaxLengthAttribute length => $"must have at most {length.Length} {unit}",
            AllowedValuesAttribute allowed => $"must be {TomlText.Choices([.. allowed.Values.Select(Show)])}",
            DeniedValuesAttribute denied => $"must not be {TomlText.Choices([.. denied.Values.Select(Show)])}",
            RegularExpressionAttribute pattern => $"must match {pattern.Pattern}",
            _ => null,
        };
    }

    /// <summary>A bound value as it would be written in TOML.</summary>
    public static string Show(object? value) => value switch
    {
        null => "nothing",
        string text => TomlText.Quote(text),
        bool truth => truth ? "true" : "false",
        TimeSpan duration => $"\"{DurationText.Format(duration)}\"",
        Enum word => $"\"{OptionKeys.KeyOf(word.ToString())}\"",
        sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal =>
            Convert.ToString(value, CultureInfo.InvariantCulture)!,
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Show))}]",
        _ => TomlText.Quote(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    private static string Range(RangeAttribute range)
    {
        // The bounds are texts until the attribute has looked at a value once.
        _ = range.OperandType == typeof(TimeSpan) && range.IsValid(TimeSpan.Zero);
        var (least, most) = (Show(range.Minimum), Show(range.Maximum));
        return IsUnbounded(range.Maximum)
            ? range.MinimumIsExclusive ? $"must be more than {least}" : $"must be at least {least}"
            : (range.MinimumIsExclusive, range.MaximumIsExclusive) switch
            {
                (false, false) => $"must be between {least} and {most}",
                (true, false) => $"must be more than {least} and at most {most}",
                (false, true) => $"must be at least {least} and less than {most}",
                _ => $"must be more than {least} and less than {most}",
            };
    }

    private static bool IsUnbounded(object bound) => bound is int.MaxValue or double.MaxValue or double.PositiveInfinity;
}
