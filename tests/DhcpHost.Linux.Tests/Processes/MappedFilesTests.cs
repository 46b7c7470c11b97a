using DhcpHost.Linux.Processes;

namespace DhcpHost.Linux.Tests.Processes;

public sealed class MappedFilesTests
{
    [Fact]
    public void Code_that_was_let_go_is_there_when_it_is_used_again()
    {
        var xml = System.Xml.Linq.XElement.Parse("<a><b>1</b></a>");
        Assert.InRange(new MappedFiles().Release(), 1 << 20, long.MaxValue);
        Assert.Equal("1", System.Xml.Linq.XElement.Parse(xml.ToString()).Element("b")!.Value);
    }

    [Fact]
    public async Task It_can_be_done_again_and_again_while_others_run()
    {
        using var stop = new CancellationTokenSource();
        var others = Task.Run(
            () =>
            {
                var sum = 0;
                while (!stop.IsCancellationRequested)
                {
                    sum += System.Text.RegularExpressions.Regex.Count($"{sum} a1 b2", "[0-9]");
                }

                return sum;
            },
            TestContext.Current.CancellationToken);
        var mapped = new MappedFiles();
        for (var i = 0; i < 20; i++)
        {
            _ = mapped.Release();
        }

        await stop.CancelAsync();
        Assert.NotEqual(0, await others);
    }
}
