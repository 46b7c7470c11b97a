using System.Text.RegularExpressions;

namespace DhcpHost.Architecture.Tests;

public sealed partial class SourceTests
{
    private const int MaxLines = 400;
    private const int MaxColumns = 160;

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var long_ = Repository.Files("*.cs", "src", "plugins", "tests").Select(path => (Name: Repository.Name(path), Lines: File.ReadLines(path).Count()))
            .Where(file => file.Lines > MaxLines);
        Assert.Empty(long_);
    }

    [Fact]
    public void No_line_of_source_is_longer_than_160_characters_unless_it_is_a_raw_string()
    {
        var wide = Repository.Files("*.cs", "src", "plugins", "tests")
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (Place: $"{Repository.Name(path)}:{index + 1}", Line: line)))
            .Where(source => source.Line.Length > MaxColumns && !source.Line.Contains("\"\"\"", StringComparison.Ordinal))
            .Select(source => source.Place);
        Assert.Empty(wide);
    }

    [Fact]
    public void Only_the_linux_layer_calls_native_code()
    {
        var callers = Repository.Files("*.cs", "src", "plugins").Where(path => NativeCall().IsMatch(File.ReadAllText(path))).Select(Repository.Name);
        Assert.All(callers, name => Assert.StartsWith("src/DhcpHost.Linux/", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_runs_the_ip_command()
    {
        var callers = Repository.Files("*.cs", "src", "plugins").Where(path => IpCommand().IsMatch(File.ReadAllText(path))).Select(Repository.Name);
        Assert.Empty(callers);
    }

    [Fact]
    public void A_folder_is_a_namespace()
    {
        foreach (var path in Repository.Files("*.cs", "src", "plugins"))
        {
            if (NamespaceDeclaration().Match(File.ReadAllText(path)) is not { Success: true } match)
            {
                continue;
            }

            // src/DhcpHost.Core/Queue/WorkQueue.cs → DhcpHost.Core.Queue
            var expected = string.Join('.', Path.GetDirectoryName(Repository.Name(path))!.Split('/').Skip(1));
            Assert.True(expected == match.Groups[1].Value, $"{Repository.Name(path)} declares {match.Groups[1].Value}, not {expected}");
        }
    }

    [Fact]
    public void A_file_declares_one_public_type()
    {
        var crowded = Repository.Files("*.cs", "src", "plugins").Where(path => PublicType().Count(File.ReadAllText(path)) > 1).Select(Repository.Name);
        Assert.Empty(crowded);
    }

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\b")]
    private static partial Regex NativeCall();

    [GeneratedRegex("\"(/usr)?(/s?bin/)?ip\"|\"ip (netns|link|addr|route)")]
    private static partial Regex IpCommand();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(
        @"^public (?:(?:static|sealed|abstract|partial|readonly|unsafe) )*(?:class|record struct|record|struct|interface|enum) ", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}
