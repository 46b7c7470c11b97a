using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DhcpHost.NeutronLab.Tests.Api;

/// <summary>Times as Neutron writes them where it does not use ISO 8601: UTC, with a blank before the hours.</summary>
internal sealed class NeutronTimeConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => DateTime.Parse(
        reader.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
}
