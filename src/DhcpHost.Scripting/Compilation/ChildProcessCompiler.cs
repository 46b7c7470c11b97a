using System.Text.Json;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Compilation;

/// <summary>Compiles in a child of this program, so that the compiler's 50 MB leave with it: about 1.5 s for any number of scripts.</summary>
public sealed class ChildProcessCompiler : IScriptCompiler
{
    private const int MaxErrorBytes = 16 << 10;
    private const int MaxAnswerBytes = 256 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly ProcessSpawner _spawner;
    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;
    private readonly string _directory;

    /// <param name="spawner">Starts the child; stays the caller's.</param>
    /// <param name="program">The executable, by absolute path: this one, or <c>dotnet</c>.</param>
    /// <param name="arguments">What stands before the two files: <c>compile-scripts</c>, after the assembly's path where the program is <c>dotnet</c>.</param>
    /// <param name="directory">Where request and answer are written; made with mode 0700.</param>
    public ChildProcessCompiler(ProcessSpawner spawner, string program, IReadOnlyList<string> arguments, string directory)
    {
        _spawner = spawner;
        _program = program;
        _arguments = arguments;
        _directory = Path.GetFullPath(directory);
    }

    /// <summary>The compiler that starts the running executable anew, whether it is an apphost, a single file or <c>dotnet X.dll</c>.</summary>
    /// <param name="spawner">Starts the child; stays the caller's.</param>
    /// <param name="directory">Where request and answer are written; made with mode 0700.</param>
    public static ChildProcessCompiler ForThisExecutable(ProcessSpawner spawner, string directory)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of the running program is unknown.");
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [Path.GetFullPath(Environment.GetCommandLineArgs()[0]), CompileScriptsCommand.Name]
            : [CompileScriptsCommand.Name];
        return new(spawner, program, arguments, directory);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CompiledScript>> CompileAsync(IReadOnlyList<ScriptSource> sources, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var request = Path.Combine(_directory, $"{id}.request");
        var answer = Path.Combine(_directory, $"{id}.answer");
        try
        {
            if (Path.GetDirectoryName(_directory) is { } parent)
            {
                _ = Directory.CreateDirectory(parent);
            }

            _ = PrivateDirectory.Ensure(_directory);
            _ = AtomicFile.WriteIfChanged(request, CompileRequestFile.WriteRequest(sources), OwnerOnly);
            // Made beforehand, for its mode.
            _ = AtomicFile.WriteIfChanged(answer, [], OwnerOnly);
            var spec = new SpawnSpec(_program, [.. _arguments, request, answer]) { Environment = CreateEnvironment() };
            var result = await _spawner.RunToEndAsync(null, spec, Deadline, MaxErrorBytes, cancellationToken);
            if (!result.IsSuccess)
            {
                throw Fail(result.IsTimedOut ? $"it took longer than {Deadline.TotalSeconds} s" : $"{result.Exit}: {result.Error.Trim()}", null);
            }

            var scripts = CompileRequestFile.ReadAnswer(PrivateFile.TryRead(answer, MaxAnswerBytes, out var reason) ?? throw Fail(reason, null));
            return scripts.Count == sources.Count ? scripts : throw Fail($"it answered {scripts.Count} scripts of {sources.Count}", null);
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException or JsonException)
        {
            throw Fail(exception.Message, exception);
        }
        finally
        {
            Delete(request);
            Delete(answer);
        }
    }

    private DhcpHostException Fail(string reason, Exception? cause) =>
        new(FailureKind.Transient, $"The compiler for scripts ({_program} {string.Join(' ', _arguments)}) failed: {reason}", cause);

    private static Dictionary<string, string> CreateEnvironment()
    {
        // The runtime is found as this process found it; nothing else of the environment is passed on.
        var environment = new Dictionary<string, string> { ["LC_ALL"] = "C", ["DOTNET_TieredPGO"] = "0", ["DOTNET_EnableDiagnostics"] = "0" };
        foreach (var name in new[] { "PATH", "HOME", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_BUNDLE_EXTRACT_BASE_DIR" })
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                environment[name] = value;
            }
        }

        return environment;
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is in a private folder, and named so that nobody reads it again.
        }
    }
}
