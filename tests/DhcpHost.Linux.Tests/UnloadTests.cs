using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Testing;

namespace DhcpHost.Linux.Tests;

/// <summary>A plugin may carry its own copy of this assembly in a context that can be unloaded.</summary>
public sealed class UnloadTests
{
    [Fact]
    public async Task A_copy_that_was_used_and_disposed_unloads()
    {
        var context = UseCopy();
        await Eventually.TrueAsync(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !context.IsAlive;
            },
            cancellationToken: TestContext.Current.CancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference UseCopy()
    {
        var context = new AssemblyLoadContext("copy", isCollectible: true);
        using (var stream = File.OpenRead(typeof(NetnsBroker).Assembly.Location))
        {
            var copy = context.LoadFromStream(stream);
            var broker = Create(copy, "Namespaces.NetnsBroker", 2, 10);
            var watcher = Create(copy, "Processes.ProcessWatcher", TimeProvider.System);
            var loop = Create(copy, "Interop.EpollLoop", "copy");
            var monitor = copy.GetType("DhcpHost.Linux.Netlink.LinkMonitor")!.GetMethod("Open")!.Invoke(null, [loop, 10])!;
            var directory = Create(copy, "Files.DirectoryWatcher", loop, Path.GetTempPath(), TimeSpan.Zero, TimeProvider.System, false);
            Assert.NotSame(typeof(NetnsBroker), broker.GetType());
            foreach (var used in new[] { directory, monitor, watcher, broker, loop })
            {
                ((IDisposable)used).Dispose();
            }
        }
        context.Unload();
        return new WeakReference(context);
    }

    private static object Create(Assembly assembly, string type, params object[] arguments) =>
        Activator.CreateInstance(assembly.GetType($"DhcpHost.Linux.{type}", throwOnError: true)!, arguments)!;
}
