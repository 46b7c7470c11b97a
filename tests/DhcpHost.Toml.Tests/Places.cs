namespace DhcpHost.Toml.Tests;

/// <summary>Checks that errors point into the text that they are about.</summary>
internal static class Places
{
    public static void AssertInside(TomlParseResult result, string text)
    {
        if (result.Succeeded)
        {
            Assert.Empty(result.Errors);
            return;
        }

        Assert.NotEmpty(result.Errors);
        AssertInside(result.Errors, text);
    }

    public static void AssertInside(IEnumerable<TomlError> errors, string text)
    {
        var lines = text.Split('\n');
        foreach (var error in errors)
        {
            Assert.InRange(error.Line, 1, lines.Length);
            Assert.InRange(error.Column, 1, lines[error.Line - 1].Length + 1);
            Assert.NotEmpty(error.Message);
            Assert.DoesNotContain('\n', error.ToString());
        }
    }
}
