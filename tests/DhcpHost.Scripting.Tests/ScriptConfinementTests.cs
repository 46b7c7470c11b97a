using DhcpHost.Core.Limits;

namespace DhcpHost.Scripting.Tests;

/// <summary>Nothing outside the scripts' folder is read, and nothing without a bound.</summary>
public class ScriptConfinementTests
{
    private const string Policy = "policies/pool-size.csx";

    [Theory]
    [InlineData("#load \"/etc/hostname\"", "loads files from the scripts' folder only")]
    [InlineData("#load \"../../outside.csx\"", "loads files from the scripts' folder only")]
    [InlineData("#load \"../jobs/x.csx\"", "without '..'")]
    [InlineData("#load \"shared/../../../outside.csx\"", "without '..'")]
    [InlineData("#load \"absent.csx\"", "there is no 'policies/absent.csx' and no 'absent.csx'")]
    [InlineData("#load \"policies/pool-size.csx/x\"", "there is no")]
    [InlineData("#r \"System.Xml\"", "#r is refused")]
    [InlineData("#r \"/usr/lib/x.dll\"", "#r is refused")]
    [InlineData("#r \"nuget: Newtonsoft.Json\"", "#r is refused")]
    public async Task A_script_may_not_reach_out(string directive, string reason)
    {
        await using var lab = new ScriptLab();
        await File.WriteAllTextAsync(Path.Combine(lab.Root, "..", "outside.csx"), "var outside = 1;", ScriptLab.Cancellation);
        lab.Write("jobs/x.csx", "var x = 1;");
        lab.Write(Policy, $"{directive}\nDecide(c => 1);");
        await lab.StartAsync();

        Assert.Contains(
            lab.Status("pool-size").Problems,
            problem => problem.Contains("pool-size.csx:1:", StringComparison.Ordinal)
                && problem.Contains(reason, StringComparison.Ordinal));
        Assert.Equal("built-in", lab.PoolSize().Origin);
    }

    [Fact]
    public async Task A_link_that_leads_out_is_refused()
    {
        await using var lab = new ScriptLab();
        _ = File.CreateSymbolicLink(Path.Combine(lab.Root, Policy), "/etc/hostname");
        await lab.StartAsync();

        Assert.Contains("link to /etc/hostname, outside", Assert.Single(lab.Status("pool-size").Problems));
    }

    [Fact]
    public async Task A_link_that_stays_inside_is_followed()
    {
        await using var lab = new ScriptLab();
        lab.Write("versions/2.csx", "Decide(c => 2);");
        _ = File.CreateSymbolicLink(Path.Combine(lab.Root, Policy), Path.Combine(lab.Root, "versions/2.csx"));
        await lab.StartAsync();

        Assert.Equal(2, lab.PoolSize().Value);
    }

    [Fact]
    public async Task A_file_that_anyone_may_write_to_is_refused()
    {
        await using var lab = new ScriptLab();
        lab.Write(Policy, "Decide(c => 1);");
        File.SetUnixFileMode(Path.Combine(lab.Root, Policy), (UnixFileMode)0b110_110_110);
        await lab.StartAsync();

        Assert.Contains("chmod o-w", Assert.Single(lab.Status("pool-size").Problems));
    }

    [Theory]
    [InlineData("")]
    [InlineData("policies")]
    public async Task A_folder_that_anyone_may_write_to_is_refused(string folder)
    {
        await using var lab = new ScriptLab();
        lab.Write(Policy, "Decide(c => 1);");
        File.SetUnixFileMode(Path.Combine(lab.Root, folder), (UnixFileMode)0b111_111_111);
        await lab.StartAsync();

        Assert.Contains("anyone on this machine may put files into", Assert.Single(lab.Status("pool-size").Problems));
    }

    [Fact]
    public async Task A_file_beyond_the_limit_is_refused()
    {
        await using var lab = new ScriptLab();
        lab.Limits = new LimitsOptions { FileBytes = 2048 };
        lab.Write(Policy, "Decide(c => 1);" + new string(' ', 3000));
        await lab.StartAsync();

        Assert.Contains("limits.file_bytes, which is 2048", Assert.Single(lab.Status("pool-size").Problems));
    }

    [Fact]
    public async Task Scripts_beyond_their_number_are_refused()
    {
        await using var lab = new ScriptLab(configure: options => options.MaxScripts = 2);
        lab.Write("jobs/a.csx", "var a = 1;");
        lab.Write("jobs/b.csx", "var b = 1;");
        lab.Write("jobs/c.csx", "var c = 1;");
        await lab.StartAsync();

        Assert.Empty(lab.Status("jobs/b").Problems);
        Assert.Contains("scripts.max_scripts, which is 2", Assert.Single(lab.Status("jobs/c").Problems));
    }

    [Fact]
    public async Task Files_that_load_each_other_are_read_once_and_end()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/shared/a.csx", "#load \"b.csx\"\nint A() => 1;");
        lab.Write("policies/shared/b.csx", "#load \"a.csx\"\nint B() => 2;");
        lab.Write(Policy, "#load \"shared/a.csx\"\nDecide(c => A() + B());");
        await lab.StartAsync();

        Assert.Equal(3, lab.PoolSize().Value);
    }

    [Theory]
    [InlineData(new byte[0], "it is empty")]
    [InlineData(new byte[] { 0x2F, 0x2F, 0xFF, 0xFE }, "not UTF-8")]
    public async Task A_file_that_is_no_text_is_refused(byte[] content, string reason)
    {
        await using var lab = new ScriptLab();
        await File.WriteAllBytesAsync(Path.Combine(lab.Root, Policy), content, ScriptLab.Cancellation);
        await lab.StartAsync();

        Assert.Contains(reason, Assert.Single(lab.Status("pool-size").Problems));
    }
}
