namespace DhcpHost.Scripting.Tests;

/// <summary>The guard is in every form of code, and changes no result.</summary>
public class InstrumentationTests
{
    [Theory]
    [InlineData("Decide(c => c.Cpus)")] // no semicolon
    [InlineData("Decide(c => { return c.Cpus; }) // end")]
    [InlineData("Decide(delegate(PoolSizeContext c) { return c.Cpus; });")]
    [InlineData("Decide(F); int F(PoolSizeContext c) => c.Cpus;")]
    [InlineData("static int F(PoolSizeContext c) => c.Cpus; Decide(F);")]
    [InlineData("Decide(c => { Action a = () => Empty(); a(); return c.Cpus; void Empty() => _ = 1; });")]
    [InlineData("Decide(c => { Action<int> a = x => Later = x; a(c.Cpus); return Later; }); int Later;")]
    [InlineData("int Later { get; set; } Decide(c => { Later = c.Cpus; return Later; });")]
    [InlineData("int Half => _half; int _half = 4; Decide(c => Half);")]
    [InlineData("class X { int _x; public int P { get => _x; set => _x = value; } public X(int x) => P = x; } Decide(c => new X(c.Cpus).P);")]
    [InlineData("record R(int A) { public List<int> L { get; } = new() { 1 }; public static implicit operator int(R r) => r.A; } Decide(c => new R(c.Cpus));")]
    [InlineData("class X { public int this[int i] => i; } Decide(c => new X()[c.Cpus]);")]
    [InlineData(
        "struct S { public int V; public static S operator +(S a, S b) => new S { V = a.V + b.V }; } Decide(c => (new S { V = 1 } + new S { V = 3 }).V);")]
    [InlineData("Decide(c => { var n = 0; for (var i = 0; i < 4; i++) n++; return n; });")]
    [InlineData("Decide(c => { var n = 0; do n++; while (n < 4); return n; });")]
    [InlineData("Decide(c => { var n = 0; while (n < 4) if (n < 2) n++; else n += 2; return n; });")]
    [InlineData("Decide(c => { var n = 0; foreach (var (a, b) in new[] { (1, 3) }) n = a + b; return n; });")]
    [InlineData("Decide(c => { var n = 0; again: n++; if (n < 4) goto again; return n; });")]
    [InlineData("Decide(c => { switch (c.Cpus) { case 1: goto case 4; case 4: return 4; default: goto case 1; } });")]
    [InlineData("Decide(c => { try { throw new Exception(); } catch (Exception e) when (e.Message != null) { return 4; } finally { } });")]
    [InlineData("Decide(c => (from x in new[] { 1, 2, 3 } join y in new[] { 1, 3 } on x equals y let z = x orderby z descending group z by "
        + "z % 2 into g select g.Sum()).First());")]
    [InlineData("Decide(c => (from x in new[] { 1, 2 } from y in new[] { 3 } where x == 1 select new { S = x + y }).Single().S);")]
    [InlineData("Decide(c => new int[2, 2].Length);")]
    [InlineData("Decide(c => new int[2][].Length + new[] { 1, 2 }.Length);")]
    [InlineData("Decide(c => { int[] a = [1, 2, 3, 4]; return a.Length; });")]
    [InlineData("Decide(c => { var a = new int[4] { 1, 2, 3, 4 }; return a[3]; });")]
    [InlineData("Decide(c => new List<int>(capacity: 10) { 4 }[0]);")]
    [InlineData("Decide(c => new string('x', 4).Length);")]
    [InlineData("Decide(c => Enumerable.Repeat(1, count: 4).Sum());")]
    [InlineData("Decide(c => { Func<int, Func<int, int>> add = a => b => a + b; return add(1)(3); });")]
    [InlineData("Decide(c => { ref int F(int[] a) => ref a[0]; var a = new[] { 1 }; F(a) = 4; return a[0]; });")]
    [InlineData("Decide(c => { Func<int> f = () => throw new Exception(); try { return f(); } catch { return 4; } });")]
    [InlineData("Decide(c => { IEnumerable<int> F() { yield return 1; yield return 3; } return F().Sum(); });")]
    [InlineData("Decide(c => c.Cpus switch { > 3 and < 5 => 4, _ => 0 });")]
    [InlineData("using System.Text;\n\n/* first */ static string S(this int i) => i.ToString(); Decide(c => int.Parse(4.S()));")]
    [InlineData("#nullable disable\nDecide(c => { string s = null; return s?.Length ?? 4; });")]
    [InlineData("// #load \"absent.csx\"\nDecide(c => 4);")]
    [InlineData("Decide(c =>\r\n{\r\n    return 4;\r\n});\r\n")]
    public async Task A_script_gives_what_it_says(string text)
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", text);
        await lab.StartAsync();
        // Examples have 2 processors; 4 is asked of the script in force.
        Assert.Equal("", string.Join("\n", lab.Status("pool-size").Problems));

        var answer = lab.PoolSize();

        Assert.Null(answer.Problem);
        Assert.Equal(4, answer.Value);
    }

    [Theory]
    [InlineData("Decide(c =>\n{\n    if (c.Pending == 99) { throw new Exception(); }\n    return 1;\n});", 3, 28)]
    [InlineData("Decide(c => c.Pending == 99 ? throw new Exception() : 1);", 1, 13)]
    [InlineData("int F(int x) { for (var i = 0; ; i++) if (i == x) throw new Exception(); }\nDecide(c => c.Pending == 99 ? F(3) : 1);", 1, 51)]
    [InlineData("int F(int x) => x == 99 ? throw new Exception() : 1; Decide(c => F(c.Pending));", 1, 14)]
    public async Task Places_are_told_as_the_author_counts_them(string text, int line, int column)
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", text);
        await lab.StartAsync();
        Assert.Equal("", string.Join("\n", lab.Status("pool-size").Problems));

        Assert.Matches($"pool-size.csx:{line}:{column}: Exception: ", lab.PoolSize(99).Problem);
    }

    [Fact]
    public async Task A_warm_call_allocates_nothing_and_is_quick()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", "Decide(c => Math.Min(c.Pending + c.Running, c.Cpus * 4));");
        lab.Write("policies/admit-network.csx", "Decide(c => c.Network.Name.Length == 0 ? AdmitDecision.Refuse(\"no name\") : AdmitDecision.Admit);");
        await lab.StartAsync();
        lab.Limits.PolicyTime = TimeSpan.FromSeconds(30);
        await lab.ReloadAsync();
        var pool = ScriptLab.Pool(5);
        var admit = new Abstractions.Policies.AdmitNetworkContext { Network = new() { Id = new("n"), Name = "n" }, Source = new("files"), ServedNetworks = 0 };
        const int Calls = 200_000;
        Call(20_000);

        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = TimeProvider.System.GetTimestamp();
        Call(Calls);
        var elapsed = TimeProvider.System.GetElapsedTime(start);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        TestContext.Current.SendDiagnosticMessage("A policy call takes {0:0} ns", elapsed.TotalNanoseconds / Calls / 2);

        void Call(int count)
        {
            for (var index = 0; index < count; index++)
            {
                _ = lab.Policies.PoolSize(pool);
                _ = lab.Policies.AdmitNetwork(admit);
            }
        }
    }
}
