using System.Globalization;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Linux.Tests.Processes;

public sealed class MappedFilesTests
{
    private static readonly string Frameworks = Path.GetFullPath("../..", RuntimeEnvironment.GetRuntimeDirectory());

    [Fact]
    public void Code_that_was_let_go_is_there_when_it_is_used_again()
    {
        var xml = XElement.Parse("<a><b>1</b></a>");
        Assert.InRange(new MappedFiles(Frameworks).Release(), 1 << 20, long.MaxValue);
        Assert.Equal("1", XElement.Parse(xml.ToString()).Element("b")!.Value);
    }

    [Fact]
    public void An_assemblys_file_that_is_mapped_as_a_whole_is_let_go_too()
    {
        _ = XElement.Parse("<a/>");
        var assembly = typeof(XElement).Assembly.Location;
        var before = ResidentOfWhole(assembly);

        _ = new MappedFiles(Frameworks).Release();

        Assert.InRange(ResidentOfWhole(assembly), 0, before - 1);
    }

    [Fact]
    public void Files_elsewhere_are_left_alone()
    {
        _ = XElement.Parse("<a/>");
        Assert.Equal(0, new MappedFiles(Frameworks.TrimEnd('/') + "-not").Release());
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
        var mapped = new MappedFiles(Frameworks, AppContext.BaseDirectory, "/usr/lib", "/lib");
        for (var i = 0; i < 20; i++)
        {
            _ = mapped.Release();
        }

        await stop.CancelAsync();
        Assert.NotEqual(0, await others);
    }

    /// <summary>The resident KiB of the mappings of a file that are shared with all who map it.</summary>
    private static int ResidentOfWhole(string file)
    {
        var (resident, isIt) = (0, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains(" r--s ", StringComparison.Ordinal))
            {
                isIt = line.EndsWith(file, StringComparison.Ordinal);
            }
            else if (isIt && line.StartsWith("Rss:", StringComparison.Ordinal))
            {
                resident += int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
                isIt = false;
            }
        }

        return resident;
    }
}
