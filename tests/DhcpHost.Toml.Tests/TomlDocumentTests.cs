using System.Text;

namespace DhcpHost.Toml.Tests;

public sealed class TomlDocumentTests
{
    [Fact]
    public void All_syntax_errors_are_reported_not_only_the_first()
    {
        var result = TomlDocument.Parse("a = \"x\ny = 2\nz = = 3\n[t\nd = [1,,2]\ne = hello\n", "f.toml");

        Assert.False(result.Succeeded);
        Assert.Equal([1, 3, 4, 5, 6], result.Errors.Select(error => error.Line));
        Assert.Equal("f.toml:6:5: e: \"hello\" is not a value; text needs quotes", result.Errors[^1].ToString());
    }

    [Theory]
    [InlineData("a = 1\na = 2\n", "f.toml:2:1: a: already defined in line 1, column 1")]
    [InlineData("[a]\nb=1\n[a]\nc=1\n", "f.toml:3:2: a: already defined in line 1, column 2")]
    [InlineData("a.b=1\na=2\n", "f.toml:2:1: a: already defined in line 1, column 1")]
    [InlineData("[[a]]\n[a]\n", "f.toml:2:2: a: already defined in line 1, column 3")]
    [InlineData("a=[]\n[[a]]\n", "f.toml:2:3: a: already defined in line 1, column 1")]
    [InlineData("a={b=1}\n[a.c]\nx=1\n", "f.toml:2:4: a.c: 'a' is a table from line 1, column 1, to which nothing can be added here")]
    [InlineData("a={b.c=1, b.d=2, b.c=3}", "f.toml:1:20: b.c: already defined in line 1, column 6")]
    [InlineData("[a.b]\nx=1\n[a]\nb.y=2\n", "f.toml:4:3: b.y: 'b' is a table from line 1, column 4, to which nothing can be added here")]
    [InlineData("fruit.apple = 1\n[fruit]\nx=1", "f.toml:2:2: fruit: already defined in line 1, column 1")]
    [InlineData("a = 99999999999999999999\n", "f.toml:1:5: unable to parse integer `99999999999999999999`")]
    [InlineData("a = 0xFFFFFFFFFFFFFFFF\n", "f.toml:1:5: a: \"0xFFFFFFFFFFFFFFFF\" is not a value; text needs quotes")]
    [InlineData("a = 1 b = 2\n", "f.toml:1:7: the line should end here, but goes on with \"b\"; one key or header a line; text needs quotes")]
    [InlineData("a\n", "f.toml:1:2: a: '=' and a value are missing after this key")]
    [InlineData("a =\n", "f.toml:1:4: a: a value is missing after '='")]
    [InlineData("= 1\n", "f.toml:1:1: a key or a [table] is expected here")]
    public void An_error_names_its_place_and_cause(string text, string expected) =>
        Assert.Equal(expected, Assert.Single(TomlDocument.Parse(text, "f.toml").Errors).ToString());

    [Fact]
    public void An_implied_table_may_be_opened_later()
    {
        var document = TomlDocument.Parse("[a.b]\nx=1\n[a]\ny=2\n[fruit]\napple.color=1\n[fruit.apple.taste]\nsweet=true\n", "f").Document;

        Assert.NotNull(document);
        Assert.Equal(["b", "y"], document.Root.TakeTable("a")!.Keys);
        Assert.Equal(["color", "taste"], document.Root.TakeTable("fruit")!.TakeTable("apple")!.Keys);
    }

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{a=", 100_000)]
    [InlineData("[1,[", 50_000)]
    public void Deep_nesting_is_refused_without_exhausting_the_stack(string opening, int count)
    {
        var result = TomlDocument.Parse("a = " + string.Concat(Enumerable.Repeat(opening, count)), "f.toml");

        Assert.Contains("nest 32 deep", Assert.Single(result.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{0}]\n")]
    [InlineData("{0} = 1\n")]
    public void A_key_of_too_many_parts_is_refused(string shape)
    {
        var key = string.Join('.', Enumerable.Repeat("a", 100_000));

        var result = TomlDocument.Parse(string.Format(null, shape, key), "f.toml");

        Assert.Equal("a key has at most 32 parts", Assert.Single(result.Errors).Message);
    }

    [Fact]
    public void A_text_over_the_size_limit_is_refused()
    {
        var result = TomlDocument.Parse(new string('#', 1001), "f.toml", new() { MaxBytes = 1000 });

        Assert.Equal("f.toml:1:1: the file is larger than 1000 bytes; split it", Assert.Single(result.Errors).ToString());
        Assert.False(TomlDocument.Parse(new byte[1001], "f.toml", new() { MaxBytes = 1000 }).Succeeded);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_reported_at_their_place()
    {
        byte[] bytes = [.. "a = 1\nb = \"é"u8, 0xE9, .. "\"\n"u8];

        Assert.Equal(
            "f.toml:2:7: the byte 0xE9 is not UTF-8; save the file as UTF-8",
            Assert.Single(TomlDocument.Parse(bytes, "f.toml").Errors).ToString());
    }

    [Fact]
    public void Half_a_surrogate_pair_is_reported_at_its_place()
    {
        // Not theory data: attributes hold UTF-8, which has no halves.
        Assert.Equal((2, 7), PlaceOf("a = 1\nb = \"\\\uD800\""));
        Assert.Equal((1, 1), PlaceOf("\uDC00\uD800"));
        Assert.Equal((1, 7), PlaceOf("a = \"😀\uD83D"));

        static (int Line, int Column) PlaceOf(string text)
        {
            var error = Assert.Single(TomlDocument.Parse(text, "f.toml").Errors);
            return (error.Line, error.Column);
        }
    }

    [Theory]
    [InlineData("a = \"\\UFFFFFFFF\"")]
    [InlineData("a = \"\\uD800\"")]
    [InlineData("a = \"\\U00110000\"")]
    [InlineData("a = \"\\x")]
    [InlineData("a = \"\\")]
    public void An_escape_that_is_no_character_is_an_error(string text) => Places.AssertInside(TomlDocument.Parse(text, "f.toml"), text);

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_accepted()
    {
        var result = TomlDocument.Parse([0xEF, 0xBB, 0xBF, .. "a = 1\r\n[b]\r\nc = 2\r\n"u8], "f.toml");

        Assert.Equal(["a", "b"], result.Document!.Root.Keys);
        Assert.Equal(new TomlPlace(2, 2), result.Document.Root.PlaceOf("b"));
    }

    [Fact]
    public void Errors_stop_at_the_limit_and_say_so()
    {
        var result = TomlDocument.Parse(string.Concat(Enumerable.Repeat("a = = 1\n", 1000)), "f.toml");

        Assert.Equal(51, result.Errors.Length);
        Assert.Equal("too many errors: reading stopped after 50", result.Errors[^1].Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_megabyte_of_garbage_gives_errors_with_places(int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[1 << 20];
        random.NextBytes(bytes);
        Places.AssertInside(TomlDocument.Parse(bytes, "f.toml"), Encoding.Latin1.GetString(bytes));

        const string Alphabet = "[]{}=.,\"'#\n\r\t ab01_-+eE\\u\0\uD800\uDC00é";
        var text = string.Create(1 << 20, random, (span, source) =>
        {
            foreach (ref var character in span)
            {
                character = Alphabet[source.Next(Alphabet.Length)];
            }
        });
        Places.AssertInside(TomlDocument.Parse(text, "f.toml"), text);
    }
}
