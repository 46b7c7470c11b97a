using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using DhcpHost.Abstractions.Options;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Toml.Values;

namespace DhcpHost.Configuration;

/// <summary>
/// The options in force as one line for each table, for the log, written as in <c>host.toml</c>. What looks like a secret is not shown.
/// </summary>
public static partial class EffectiveOptions
{
    private const string Hidden = "***";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
            new TextConverter<TimeSpan>(DurationText.Format),
            new TextConverter<ByteSize>(size => size.ToString()),
        },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// What the operator chose, and what was found out for him: <c>[limits] workers_max = 8, retry_delay_max = "2m"</c>. Tables without
    /// such a key have no line.
    /// </summary>
    public static IEnumerable<string> DescribeChanged(LoadedConfig loaded) => Describe(loaded, isChanged: true);

    /// <summary>
    /// The rest: what is as it is by default. The tables of drivers and sources are not among them, since only the plugins know their
    /// defaults.
    /// </summary>
    public static IEnumerable<string> DescribeDefaults(LoadedConfig loaded) => Describe(loaded, isChanged: false);

    private static IEnumerable<string> Describe(LoadedConfig loaded, bool isChanged)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        return Lines(loaded, isChanged).Where(line => line.Length > 0);
    }

    private static IEnumerable<string> Lines(LoadedConfig loaded, bool isChanged)
    {
        var config = loaded.Config;
        var defaults = new HostConfig();
        yield return Compare("host", config.Host, defaults.Host, isChanged);
        yield return Compare("limits", config.Limits, defaults.Limits, isChanged);
        yield return Compare("defaults", config.Defaults, defaults.Defaults, isChanged);
        yield return Compare("engine", config.Engine, defaults.Engine, isChanged);
        yield return Compare("plugins", config.Plugins, defaults.Plugins, isChanged);
        yield return Compare("scripts", config.Scripts, defaults.Scripts, isChanged);
        yield return Compare("management", config.Management, defaults.Management, isChanged);
        yield return Compare("logging", config.Logging, defaults.Logging, isChanged);
        foreach (var (table, id, view) in config.Drivers.Select(table => ("drivers", table.Key, table.Value)).Concat(
            config.Sources.Select(table => ("sources", table.Key, table.Value))))
        {
            yield return isChanged ? Line($"{table}.{id}", Flatten("", view.ToJson())) : "";
        }

        foreach (var job in loaded.Jobs.Values.OrderBy(job => job.Name, StringComparer.Ordinal))
        {
            var line = Describe(job);
            var byDefault = JobSpecs.Defaults.TryGetValue(job.Name, out var spec) ? Describe(spec) : "";
            yield return (line != byDefault) == isChanged ? line : "";
        }
    }

    private static string Describe(JobSpec job) => $"[jobs.{job.Name}] {job.Action}, {job.Schedule?.Text ?? "by command alone"}";

    private static string Compare<T>(string table, T options, T defaults, bool isChanged)
    {
        var byDefault = Flatten("", JsonSerializer.SerializeToElement(defaults, Json)).ToHashSet(StringComparer.Ordinal);
        return Line(table, Flatten("", JsonSerializer.SerializeToElement(options, Json)).Where(pair => byDefault.Contains(pair) != isChanged));
    }

    private static string Line(string table, IEnumerable<string> pairs) =>
        string.Join(", ", pairs) is { Length: > 0 } text ? $"[{table}] {text}" : "";

    private static IEnumerable<string> Flatten(string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return value.EnumerateObject().SelectMany(property => Flatten(key.Length == 0 ? property.Name : $"{key}.{property.Name}", property.Value));
        }

        return [$"{key} = {(SecretKey().IsMatch(key) ? Hidden : UrlPassword().Replace(value.GetRawText(), $"$1{Hidden}@"))}"];
    }

    [GeneratedRegex("(?i)(password|passwd|secret|token|credential|private_key|api_key|auth_key)")]
    private static partial Regex SecretKey();

    // The user and the password of a URL, as in transport_url = "rabbit://user:password@host/".
    [GeneratedRegex("(://)[^/@\"\\s]+@")]
    private static partial Regex UrlPassword();

    private sealed class TextConverter<T>(Func<T, string> format) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("options are only written");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(format(value));
    }
}
