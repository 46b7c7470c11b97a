using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using DhcpHost.Toml.Tests.Options;

namespace DhcpHost.Toml.Tests;

public sealed class TomlUnloadTests
{
    [Fact]
    public void Binding_does_not_keep_the_types_of_a_plugin_loaded()
    {
        var context = BindInContextOfItsOwn();

        for (var i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive, "the load context is still alive after it was unloaded");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference BindInContextOfItsOwn()
    {
        var context = new AssemblyLoadContext("plugin", isCollectible: true);
        var type = context.LoadFromAssemblyPath(Assembly.GetExecutingAssembly().Location).GetType(typeof(HostSample).FullName!, throwOnError: true)!;
        Assert.NotSame(typeof(HostSample), type);

        const string Text = """
            name = "edge"
            wait = "5s"
            loudness = "loud"
            tags = ["a"]
            limits = { workers_max = 3 }
            rules = [{ file_name = "x", loudness = "loud" }]
            named.a = { file_name = "x", loudness = "loud" }
            """;
        var good = TomlBinder.Bind(type, TomlDocument.Parse(Text, "a.toml").Document!.Root);
        Assert.Empty(good.Errors);
        Assert.Same(type, good.Value!.GetType());

        var bad = TomlBinder.Bind(
            type, TomlDocument.Parse("name = \"e\"\nwait = \"5h\"\nletter = \"x\"\nlimits.workers_min = 20\nnumbers = []\n", "a.toml").Document!.Root);
        Assert.Equal(5, bad.Errors.Length);
        context.Unload();
        return new(context);
    }
}
