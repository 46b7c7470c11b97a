using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace DhcpHost.Configuration;

/// <summary>The options in force, defaults and all, as one line for each table, for the log. What looks like a secret is not shown.</summary>
public static partial class EffectiveOptions
{
    private const string Hidden = "***";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The lines, without their line ends: <c>[limits] workers_min = 1, workers_max = 16, …</c>.</summary>
    public static IEnumerable<string> Describe(LoadedConfig loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        var config = loaded.Config;
        yield return Line("host", JsonSerializer.SerializeToElement(config.Host, Json));
        yield return Line("limits", JsonSerializer.SerializeToElement(config.Limits, Json));
        yield return Line("defaults", JsonSerializer.SerializeToElement(config.Defaults, Json));
        yield return Line("engine", JsonSerializer.SerializeToElement(config.Engine, Json));
        yield return Line("plugins", JsonSerializer.SerializeToElement(config.Plugins, Json));
        yield return Line("scripts", JsonSerializer.SerializeToElement(config.Scripts, Json));
        yield return Line("management", JsonSerializer.SerializeToElement(config.Management, Json));
        yield return Line("logging", JsonSerializer.SerializeToElement(config.Logging, Json));
        foreach (var (id, table) in config.Drivers)
        {
            yield return Line($"drivers.{id}", table.ToJson());
        }

        foreach (var (id, table) in config.Sources)
        {
            yield return Line($"sources.{id}", table.ToJson());
        }

        foreach (var job in loaded.Jobs.Values.OrderBy(job => job.Name, StringComparer.Ordinal))
        {
            yield return $"[jobs.{job.Name}] {job.Action}, {job.Schedule?.Text ?? "by command alone"}";
        }
    }

    private static string Line(string table, JsonElement value) => $"[{table}] {string.Join(", ", Flatten("", value))}";

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
}
