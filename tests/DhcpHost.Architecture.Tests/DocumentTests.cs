using System.Text.RegularExpressions;

namespace DhcpHost.Architecture.Tests;

/// <summary>Documents lead where they say, and every decision can be found.</summary>
public sealed partial class DocumentTests
{
    private static IEnumerable<string> Documents =>
        Repository.Files("*.md", "docs", "eng", "scripts", "plugins", "src").Concat(Directory.EnumerateFiles(Repository.Root, "*.md"));

    private static IEnumerable<string> Decisions =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "adr"), "*.md").Select(Path.GetFileName).Where(name => name != "README.md")!;

    [Fact]
    public void Every_relative_link_leads_to_a_file_and_every_anchor_to_a_heading()
    {
        var links = Documents.SelectMany(document => Link().Matches(WithoutCode(document)).Select(match => (Document: document, Target: match.Groups[1].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !link.Target.StartsWith("mailto:", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(links);
        Assert.Empty(links.Where(link => !Leads(link.Document, link.Target)).Select(link => $"{Repository.Name(link.Document)}: {link.Target}"));
    }

    [Fact]
    public void Every_decision_has_a_number_of_its_own_a_title_with_it_and_a_line_in_the_index()
    {
        var index = File.ReadAllText(Path.Combine(Repository.Root, "docs", "adr", "README.md"));
        Assert.Equal(Decisions.Count(), Decisions.Select(name => name[..4]).Distinct().Count());
        Assert.All(Decisions, name =>
        {
            var title = File.ReadLines(Path.Combine(Repository.Root, "docs", "adr", name)).First();
            var number = int.Parse(name.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture);
            Assert.StartsWith($"# {number}. ", title, StringComparison.Ordinal);
            Assert.Contains($"| [{number}]({name}) | {title[(title.IndexOf('.', StringComparison.Ordinal) + 2)..]} |", index, StringComparison.Ordinal);
        });
    }

    private static bool Leads(string document, string target)
    {
        var (path, anchor) = target.IndexOf('#', StringComparison.Ordinal) is >= 0 and var at ? (target[..at], target[(at + 1)..]) : (target, "");
        var file = path.Length == 0 ? document : Path.GetFullPath(path, Path.GetDirectoryName(document)!);
        return Path.Exists(file) && (anchor.Length == 0 || (File.Exists(file) && Anchors(file).Contains(anchor)));
    }

    // As forges make them: small letters, blanks to hyphens, other signs dropped.
    private static HashSet<string> Anchors(string file) =>
        [.. Heading(
            ).Matches(File.ReadAllText(file)).Select(match => NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    private static string WithoutCode(string document) => CodeBlock().Replace(File.ReadAllText(document), "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
