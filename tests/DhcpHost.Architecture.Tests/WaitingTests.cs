using System.Text.RegularExpressions;

namespace DhcpHost.Architecture.Tests;

/// <summary>
/// No thread waits for what can be awaited. The analyzers know the calls by their symbols; this knows them by their text, so
/// that a pragma does not hide one.
/// </summary>
public sealed partial class WaitingTests
{
    // It names the calls to refuse them in scripts.
    private const string Refusals = "src/DhcpHost.Scripting/Compilation/Roslyn/RefusedCode.cs";

    [Fact]
    public void Nothing_sleeps_or_blocks_on_a_task()
    {
        var found = Repository.Files("*.cs", "src", "plugins")
            .Where(path => Repository.Name(path) != Refusals)
            .SelectMany(path => File.ReadLines(path).Select((line, index) => (Line: line, Place: $"{Repository.Name(path)}:{index + 1}")))
            .Where(item => Blocking().IsMatch(item.Line))
            .Select(item => $"{item.Place}: {item.Line.Trim()}");
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("Thread.Sleep(1);", true)]
    [InlineData("var a = task.Result;", true)]
    [InlineData("task.GetAwaiter().GetResult();", true)]
    [InlineData("task.Wait(token);", true)]
    [InlineData("new ReconcileResult()", false)]
    [InlineData("await gate.WaitAsync(token);", false)]
    public void What_blocks(string text, bool isBlocking) => Assert.Equal(isBlocking, Blocking().IsMatch(text));

    [GeneratedRegex(@"\bThread\.Sleep\b|\.Result\b(?!\s*=[^=])|\.GetAwaiter\(\)\s*\.GetResult\(|\.Wait\(|\bTask\.Wait(All|Any)\(")]
    private static partial Regex Blocking();
}
