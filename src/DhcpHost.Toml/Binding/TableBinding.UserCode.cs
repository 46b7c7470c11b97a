using System.ComponentModel.DataAnnotations;
using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Binding;

/// <summary>
/// Everything that runs code of the options type: constructors, setters, parsers and rules. What they throw is an error at its place.
/// </summary>
internal sealed partial class TableBinding
{
    private object? Construct(ObjectShape shape, List<(BoundMember Member, object Value)> values, TomlTable table, KeyPath path)
    {
        var instance = Contain(table.Place, path, (shape, values), static made => made.shape.Constructor is { } constructor
            ? constructor.Invoke([.. constructor.GetParameters().Select(parameter => ArgumentFor(made.values, parameter))])
            : Activator.CreateInstance(made.shape.Type));
        if (instance is null)
        {
            return null;
        }

        foreach (var (member, value) in values)
        {
            if (member.Parameter is null && !Set(member, instance, value, table, path))
            {
                return null;
            }
        }

        return instance;
    }

    private bool Set(BoundMember member, object instance, object value, TomlTable table, KeyPath path)
    {
        var place = table.Entries[member.Key].Value.Place;
        return Contain(place, path.Below(member.Key), (member, instance, value), static set =>
        {
            set.member.Property!.SetValue(set.instance, set.value);
            return set.instance;
        }) is not null;
    }

    private static object? ArgumentFor(List<(BoundMember Member, object Value)> values, System.Reflection.ParameterInfo parameter)
    {
        foreach (var (member, value) in values)
        {
            if (member.Parameter == parameter)
            {
                return value;
            }
        }

        return parameter.DefaultValue;
    }

    /// <param name="shape">The type.</param>
    /// <param name="instance">What was made of the table.</param>
    /// <param name="table">The table.</param>
    /// <param name="path">Its path.</param>
    /// <param name="wrong">Keys that have a default in the place of their value: what is due to that is passed over.</param>
    private bool Validate(ObjectShape shape, object instance, TomlTable table, KeyPath path, HashSet<string> wrong)
    {
        if (shape.Rules.Count == 0 && instance is not IValidatableObject)
        {
            return true;
        }

        var before = Errors.Count;
        var context = ContextOf(instance, shape.Type.Name);
        foreach (var rule in shape.Rules)
        {
            Report(Contain(
                table.Place,
                path,
                (rule, instance, context),
                static check => check.rule.GetValidationResult(check.instance, check.context) ?? Passed));
        }

        if (instance is IValidatableObject validatable)
        {
            if (Contain(table.Place, path, (validatable, context), static asked => asked.validatable.Validate(asked.context).ToList()) is { } results)
            {
                results.ForEach(Report);
            }
            else if (wrong.Count > 0)
            {
                // It may have failed for want of what is wrong.
                Errors.RemoveRange(before, Errors.Count - before);
            }
        }

        return Errors.Count == before;

        void Report(ValidationResult? result)
        {
            if (result is null || result == Passed || result.ErrorMessage is null || IsDueTo(result, wrong))
            {
                return;
            }

            var member = result.MemberNames.FirstOrDefault();
            var key = member is null ? "" : OptionKeys.PathOf(member);
            var (place, whole) = (TomlPath.Locate(table, key), path.ToString());
            _ = Fail(place, new(whole.Length == 0 ? key : key.Length == 0 ? whole : $"{whole}.{key}"), result.ErrorMessage.TrimEnd('.'));
        }
    }

    /// <summary>Whether a result names one of some keys, among its members or in its text.</summary>
    private static bool IsDueTo(ValidationResult result, HashSet<string> keys) => keys.Count > 0
        && (result.MemberNames.Any(member => keys.Contains(OptionKeys.PathOf(member).Split('.', '[')[0]))
            || Words(result.ErrorMessage!).Any(keys.Contains));

    private static string[] Words(string text) =>
        text.Split([.. text.Where(character => character != '_' && !char.IsAsciiLetterOrDigit(character)).Distinct()]);

    /// <summary>Checks the rules of a member on its value, or on one item of it.</summary>
    private bool Check(object value, TomlNode node, ValueTarget target, bool isItem, bool isCollection)
    {
        if (target.Member is not { Rules.Count: > 0 } member)
        {
            return true;
        }

        var valid = true;
        foreach (var rule in member.Rules)
        {
            var isAboutLength = rule is MinLengthAttribute or MaxLengthAttribute or LengthAttribute;
            if (rule is RangeAttribute && member.AllowsInfinite && value is TimeSpan duration && duration == Timeout.InfiniteTimeSpan)
            {
                continue;
            }

            if (isCollection ? !isAboutLength && rule is not CustomValidationAttribute : isItem && isAboutLength)
            {
                continue;
            }

            var result = Contain(
                node.Place,
                target.Key,
                (rule, value, member.Name),
                static check => check.rule.GetValidationResult(check.value, ContextOf(check.value, check.Name)) ?? Passed);
            if (result == Passed)
            {
                continue;
            }

            valid = false;
            if (result is not null)
            {
                var said = RuleText.HasOwnMessage(rule) ? null : RuleText.Of(rule, isCollection);
                var actual = isCollection && node is TomlArray array ? $"has {array.Items.Count}" : $"is {RuleText.Show(value)}";
                _ = Fail(node.Place, target.Key, said is null ? result.ErrorMessage?.TrimEnd('.') ?? "is not allowed" : $"{said}, {actual}");
            }
        }

        return valid;
    }

    /// <summary>
    /// A result that stands for "nothing wrong": <see cref="ValidationResult.Success"/> is <c>null</c>, which here means that the rule
    /// itself failed.
    /// </summary>
    private static ValidationResult Passed { get; } = new(null);

    /// <summary>The names are given so that the framework does not look them up, and remember the type for ever.</summary>
    private static ValidationContext ContextOf(object instance, string name) => new(instance, null, null) { DisplayName = name, MemberName = name };

    /// <summary>The boundary to code of the options type.</summary>
    private T? Contain<TState, T>(TomlPlace place, KeyPath key, TState state, Func<TState, T?> userCode)
        where T : class
    {
        try
        {
            return userCode(state);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var cause = exception is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : exception;
            var isRefusal = cause is ArgumentException or FormatException or OverflowException or ValidationException;
            _ = Fail(place, key, isRefusal ? cause.Message.TrimEnd('.') : $"cannot be checked: {cause.GetType().Name}: {cause.Message.TrimEnd('.')}");
            return null;
        }
    }
}
