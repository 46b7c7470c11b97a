using System.Reflection;
using System.Runtime.Loader;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Execution;

/// <summary>A script's code in memory, in a load context of its own that goes when nothing refers to it.</summary>
internal sealed class LoadedScript
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;
    private readonly AssemblyLoadContext _context;
    private readonly Assembly _assembly;
    private readonly ScriptImage _image;
    private readonly Func<object?[], Task<object>> _factory;
    private readonly Action<bool> _setLook;
    private readonly Action<Action> _attach;

    private LoadedScript(ScriptSource source, ScriptImage image)
    {
        Source = source;
        _image = image;
        _context = new AssemblyLoadContext($"script {source.Name}@{source.ShortHash}", isCollectible: true);
        try
        {
            using var assembly = new MemoryStream(image.Assembly);
            using var symbols = new MemoryStream(image.Symbols);
            _assembly = _context.LoadFromStream(assembly, symbols);
            var script = _assembly.GetType(ScriptImage.ClassName, throwOnError: true)!;
            var guard = script.GetNestedType(ScriptImage.GuardName, BindingFlags.Public | BindingFlags.NonPublic)!;
            _factory = script.GetMethod("<Factory>", Any)!.CreateDelegate<Func<object?[], Task<object>>>();
            _setLook = guard.GetMethod("Set", Any)!.CreateDelegate<Action<bool>>();
            _attach = guard.GetMethod("Attach", Any)!.CreateDelegate<Action<Action>>();
        }
        catch
        {
            _context.Unload();
            throw;
        }
    }

    /// <summary>What it was compiled from.</summary>
    public ScriptSource Source { get; }

    /// <summary><c>pool-size.csx@1f2e3d4c</c>.</summary>
    public string Origin => $"{Path.GetFileName(Source.MainFile)}@{Source.ShortHash}";

    public static LoadedScript Load(ScriptSource source, ScriptImage image) => new(source, image);

    /// <summary>Sets what the guard calls while it looks.</summary>
    public void Attach(Action look) => _attach(look);

    /// <summary>Makes the guard look, or not.</summary>
    public void SetLook(bool value) => _setLook(value);

    /// <summary>Runs the script's body.</summary>
    /// <param name="globals">What it sees as its own.</param>
    public Task<object> StartAsync(object globals) => _factory([globals, null]);

    /// <summary>What an exception of the script says, and where.</summary>
    public ScriptProblem Describe(Exception exception) => ScriptPlaces.Describe(exception, _assembly, _image, Source.MainFile);

    /// <summary>Lets the code go as soon as nothing runs in it.</summary>
    public void Unload() => _context.Unload();

    /// <summary>By which a test sees that it went.</summary>
    internal WeakReference TrackContext() => new(_context);
}
