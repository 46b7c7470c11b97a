using System.Text;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;
using DhcpHost.Plugins;

namespace DhcpHost.Cli.Rendering;

/// <summary>Renders networks, one JSON text after the other.</summary>
/// <param name="plugin">Whose driver is asked.</param>
/// <param name="site">What <c>host.toml</c> says; <c>null</c>: the input says it, and Neutron's defaults where it does not.</param>
internal sealed class NetworkRenderer(PluginRenderer plugin, RenderSettings? site)
{
    /// <summary>What stands for the server's directory in paths.</summary>
    private const string Directory = "@DIR@";

    // As many different options as are likely in one input; they are made again beyond that.
    private const int MostSettings = 256;

    private readonly Dictionary<string, RenderSettings> _settings = new(StringComparer.Ordinal);

    /// <summary>Renders one input.</summary>
    /// <returns>A JSON object, and whether it was rendered; parts of it may still be refused.</returns>
    public (string Json, bool IsRendered) Render(ReadOnlyMemory<byte> json, bool isIndented)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var input = RenderInput.Read(document.RootElement);
            return (Write(Render(input), isIndented), true);
        }
        catch (JsonException e)
        {
            return (Error($"it is no JSON: {e.Message}", isIndented), false);
        }
        catch (Exception e) when (e is RenderException or DhcpHostException or InvalidOperationException)
        {
            return (Error(e.Message, isIndented), false);
        }
    }

    /// <summary>An object that has nothing but what is wrong.</summary>
    public static string Error(string message, bool isIndented) => Write(new(null, false, [message], []), isIndented);

    private Rendered Render(RenderInput input)
    {
        var settings = site ?? Settings(input.Conf);
        var mode = MetadataDecision.Decide(input.Network, settings.Metadata, settings.ServesMetadataNetworks);
        var plan = new DhcpPlan { Server = input.Server, Network = input.Network, Interface = input.Interface, Options = settings.Server, Metadata = mode };
        var server = plugin.Render(plan, settings.Driver, Directory);
        IReadOnlyList<Refusal> refusals = [.. settings.Refusals, .. input.Refusals, .. server.Refusals];
        return new(server, mode != MetadataMode.Off, [.. refusals.Select(refusal => $"{refusal.Subject}: {refusal.Reason}")], refusals);
    }

    private RenderSettings Settings(JsonElement? conf)
    {
        var key = conf?.GetRawText() ?? "";
        if (!_settings.TryGetValue(key, out var settings))
        {
            if (_settings.Count >= MostSettings)
            {
                _settings.Clear();
            }

            _settings.Add(key, settings = RenderSettings.Of(conf, plugin));
        }

        return settings;
    }

    private static string Write(Rendered rendered, bool isIndented)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Indented = isIndented }))
        {
            writer.WriteStartObject();
            if (rendered.Server is { } server)
            {
                Write(writer, server, rendered.NeedsMetadata);
            }

            if (rendered.Errors.Count > 0)
            {
                writer.WriteString("error", string.Join("; ", rendered.Errors));
            }

            if (rendered.Refusals.Count > 0)
            {
                writer.WriteStartArray("refusals");
                foreach (var refusal in rendered.Refusals)
                {
                    writer.WriteStartObject();
                    writer.WriteString("subject", refusal.Subject);
                    writer.WriteString("reason", refusal.Reason);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void Write(Utf8JsonWriter writer, RenderedServer server, bool needsMetadata)
    {
        writer.WriteStartArray("argv");
        foreach (var argument in server.Arguments)
        {
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
        foreach (var file in server.Files)
        {
            writer.WriteString(file.Name, file.Text);
        }

        writer.WriteBoolean("should_enable_metadata", needsMetadata);
    }

    private sealed record Rendered(RenderedServer? Server, bool NeedsMetadata, IReadOnlyList<string> Errors, IReadOnlyList<Refusal> Refusals);
}
