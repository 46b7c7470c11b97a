using System.Text.RegularExpressions;

namespace DhcpHost.Architecture.Tests;

/// <summary>Style that <c>.editorconfig</c> asks for and <c>dotnet format</c> makes so, but no build looks at: its rules run in editors only.</summary>
public sealed partial class StyleTests
{
    private const string Types =
        "(?:System\\.)?(?:Boolean|SByte|Byte|Char|Decimal|Double|Single|Int16|Int32|Int64|UInt16|UInt32|UInt64|IntPtr|UIntPtr|Object|String)";

    private const string Shape = "(?:\\?|\\[[,\\s]*\\])*";

    [Fact]
    public void Usings_are_sorted_with_System_first()
    {
        var unsorted = Sources().Where(path => !AreSorted(File.ReadAllText(path))).Select(Repository.Name);
        Assert.Empty(unsorted);
    }

    [Fact]
    public void No_member_is_qualified_with_this() => Assert.Empty(LinesWith(Qualified()));

    [Fact]
    public void Types_that_have_a_keyword_are_named_by_it() => Assert.Empty(LinesWith(Framework()));

    [Theory]
    [InlineData("using System;\nusing System.Net;\nusing Alpha;\nusing static System.Math;\nusing A = Beta;\n\nnamespace N;", true)]
    [InlineData("using Alpha;\nusing System;", false)]
    [InlineData("using System.Text;\nusing System.Net;", false)]
    [InlineData("using A.B.C;\nusing A.BB;\nusing A.B;", false)]
    [InlineData("using static System.Math;\nusing System;", false)]
    public void What_is_sorted(string text, bool areSorted) => Assert.Equal(areSorted, AreSorted(text));

    [Theory]
    [InlineData("return this.Count;", true)]
    [InlineData("this._count++;", true)]
    [InlineData("return this;", false)]
    [InlineData("internal static int Of(this Link link) => 1;", false)]
    public void What_is_qualified(string text, bool isQualified) => Assert.Equal(isQualified, Qualified().IsMatch(text));

    [Theory]
    [InlineData("internal static Int32 Of(string text)", true)]
    [InlineData("internal static int Of(String text)", true)]
    [InlineData("Int32 count = 1;", true)]
    [InlineData("String?[] names = [];", true)]
    [InlineData("System.Boolean isThere = true;", true)]
    [InlineData("var all = new List<Int32>();", true)]
    [InlineData("var all = new Dictionary<string, Object?>();", true)]
    [InlineData("var one = (Int64)number;", true)]
    [InlineData("private readonly uint UInt32 => 0;", false)]
    [InlineData("JsonValueKind.String => text,", false)]
    [InlineData("case TypeCode.Double when isThere:", false)]
    [InlineData("var most = Int32.MaxValue;", false)]
    public void What_is_named_by_its_framework_name(string text, bool isFramework) => Assert.Equal(isFramework, Framework().IsMatch(text));

    private static IEnumerable<string> Sources() =>
        Repository.Files("*.cs", "src", "plugins", "tests").Where(path => !path.EndsWith("/StyleTests.cs", StringComparison.Ordinal));

    private static IEnumerable<string> LinesWith(Regex pattern) => Sources()
        .SelectMany(path => File.ReadLines(path).Select((line, index) => (Line: line.Trim(), Place: $"{Repository.Name(path)}:{index + 1}")))
        .Where(source => !source.Line.StartsWith("//", StringComparison.Ordinal) && pattern.IsMatch(source.Line))
        .Select(source => $"{source.Place}: {source.Line}");

    private static bool AreSorted(string text)
    {
        // '.' is below every letter and digit: what is above another namespace comes first.
        var keys = Using().Matches(text).Select(match => (
            Kind: match.Groups["alias"].Success ? 2 : match.Groups["static"].Success ? 1 : 0,
            IsForeign: !$"{match.Groups["name"].Value}.".StartsWith("System.", StringComparison.Ordinal),
            Name: (match.Groups["alias"].Success ? match.Groups["alias"] : match.Groups["name"]).Value.ToUpperInvariant())).ToList();
        return keys.SequenceEqual(keys.OrderBy(key => key.Kind).ThenBy(key => key.IsForeign).ThenBy(key => key.Name, StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^using (?<static>static )?(?:(?<alias>\w+) = )?(?<name>[\w.:]+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"\bthis\s*\.\s*\w")]
    private static partial Regex Qualified();

    // Where something is declared by it, in a list of type arguments, and in a cast.
    [GeneratedRegex(
        $@"(?<![\w.]){Types}{Shape}\s+[A-Za-z_@]\w*|(?<=[(<,]\s*){Types}{Shape}\s*(?=>)|(?<=<)\s*{Types}{Shape}\s*(?=,)|(?<![\w>])\({Types}{Shape}\)")]
    private static partial Regex Framework();
}
