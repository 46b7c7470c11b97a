using System.Collections.Immutable;

namespace DhcpHost.Toml;

/// <summary>Makes and orders errors.</summary>
internal static class TomlErrors
{
    public static TomlError At(TomlDocument document, TomlPlace place, string key, string message, string? cure = null) =>
        new(document.Path, place.Line, place.Column, key, message, cure);

    public static ImmutableArray<TomlError> Sort(IEnumerable<TomlError> errors) =>
        [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)];
}
