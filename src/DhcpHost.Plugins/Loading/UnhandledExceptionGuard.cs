using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;
using DhcpHost.Plugins.Checks;

namespace DhcpHost.Plugins.Loading;

/// <summary>
/// Keeps the process alive where a plugin's own thread, timer or <c>async void</c> lets an exception escape, and says whose it was. Exceptions of anybody
/// else end the process as ever: nothing is hidden.
/// </summary>
internal static class UnhandledExceptionGuard
{
    private static readonly ConditionalWeakTable<AssemblyLoadContext, Action<string>> Contexts = [];
    private static int _isInstalled;

    /// <summary>Tells whose exceptions are caught; the context is not kept by it.</summary>
    /// <param name="context">A plugin's load context.</param>
    /// <param name="escaped">Called with the exception's text; must be quick and must not throw.</param>
    public static void Protect(AssemblyLoadContext context, Action<string> escaped)
    {
        Contexts.AddOrUpdate(context, escaped);
        if (Interlocked.Exchange(ref _isInstalled, 1) == 0)
        {
            ExceptionHandling.SetUnhandledExceptionHandler(Handle);
        }
    }

    /// <summary>
    /// The context of the plugin on whose own thread an exception was thrown; <c>null</c> where it was the host's thread, or nobody knows.
    /// </summary>
    public static AssemblyLoadContext? FindOwner(Exception exception)
    {
        // The outermost method that is not .NET's own is who started the thread: a plugin's, or the host's that called the plugin.
        var frames = new StackTrace(exception).GetFrames();
        for (var i = frames.Length - 1; i >= 0; i--)
        {
            if (frames[i].GetMethod()?.Module.Assembly is { } assembly && !IsFramework(assembly))
            {
                return Known(assembly);
            }
        }

        return Known(exception.GetType().Assembly);
    }

    private static bool Handle(Exception exception)
    {
        if (FindOwner(exception) is not { } context || !Contexts.TryGetValue(context, out var escaped))
        {
            return false;
        }

        escaped(exception.ToString());
        return true;
    }

    private static AssemblyLoadContext? Known(Assembly assembly) =>
        AssemblyLoadContext.GetLoadContext(assembly) is { } context && Contexts.TryGetValue(context, out _) ? context : null;

    private static bool IsFramework(Assembly assembly) =>
        AssemblyLoadContext.GetLoadContext(assembly) == AssemblyLoadContext.Default && FrameworkAssemblies.Contains(assembly.GetName().Name ?? "");
}
