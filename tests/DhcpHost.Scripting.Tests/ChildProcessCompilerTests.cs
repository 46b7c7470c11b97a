using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Scripting.Compilation;

namespace DhcpHost.Scripting.Tests;

public sealed class ChildProcessCompilerTests : IDisposable
{
    private readonly NetnsBroker _broker = new();
    private readonly ProcessWatcher _watcher = new();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-child-");

    public void Dispose()
    {
        _watcher.Dispose();
        _broker.Dispose();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_child_compiles_what_is_good_and_says_where_the_rest_is_wrong()
    {
        await using var lab = new ScriptLab(Create(CompileScriptsCommand.Name));
        lab.Write("policies/pool-size.csx", "#load \"shared/size.csx\"\nDecide(c => c.Pending == 99 ? throw new Exception(\"no\") : Size());");
        lab.Write("policies/shared/size.csx", "int Size() => 6;");
        lab.Write("policies/admit-network.csx", "Decide(c =>\n  oops);");
        await lab.StartAsync();

        Assert.Equal(6, lab.PoolSize().Value);
        Assert.Contains("pool-size.csx:2:13: Exception: no", lab.PoolSize(99).Problem);
        Assert.Contains("admit-network.csx:2:3: CS0103", Assert.Single(lab.Status("admit-network").Problems));
        Assert.Empty(_directory.GetFiles("*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_compiler_that_fails_is_told_and_tried_again_at_the_next_scan()
    {
        var compiler = new SwitchingCompiler { Inner = Create("crash") };
        await using var lab = new ScriptLab(compiler);
        lab.Write("policies/pool-size.csx", "Decide(c => 6);");
        await lab.StartAsync();

        Assert.Equal("built-in", lab.PoolSize().Origin);
        Assert.Contains("the test child fails as it was told", lab.PoolSize().Problem);
        Assert.Contains("exit", Assert.Single(lab.Events.Of("script.compiler_failed")).Message, StringComparison.OrdinalIgnoreCase);

        compiler.Inner = new InProcessCompiler();
        await lab.ReloadAsync();
        Assert.Equal(6, lab.PoolSize().Value);
        Assert.Null(lab.PoolSize().Problem);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_transient_failure_with_its_name()
    {
        var compiler = new ChildProcessCompiler(new(_broker, _watcher), "/nowhere/dhcphost", [CompileScriptsCommand.Name], _directory.FullName);

        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => compiler.CompileAsync([], ScriptLab.Cancellation));

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("/nowhere/dhcphost", failure.Message);
    }

    private ChildProcessCompiler Create(string command) => new(new(_broker, _watcher), TestChild.Path, [command], Path.Combine(_directory.FullName, "work"));

    private sealed class SwitchingCompiler : IScriptCompiler
    {
        public required IScriptCompiler Inner { get; set; }

        public Task<IReadOnlyList<CompiledScript>> CompileAsync(IReadOnlyList<Sources.ScriptSource> sources, CancellationToken cancellationToken) =>
            Inner.CompileAsync(sources, cancellationToken);
    }
}
