using System.Text;
using DhcpHost.Scripting.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>
/// Compiles one script twice: as written, for messages with exact places and for the check of what it calls; then with the guard put in.
/// Only code in this folder names the compiler's types, so that its assemblies are loaded only when something is compiled.
/// </summary>
internal static class RoslynScriptCompiler
{
    private const int MaxProblems = 20;

    private static readonly string[] CommonImports =
    [
        "System", "System.Collections.Generic", "System.Linq", "System.Net", "System.Threading", "Microsoft.Extensions.Logging",
        "DhcpHost.Abstractions.Drivers", "DhcpHost.Abstractions.Failures", "DhcpHost.Abstractions.Jobs", "DhcpHost.Abstractions.Networks",
        "DhcpHost.Abstractions.Policies", "DhcpHost.Abstractions.Status",
    ];

    private static readonly string[] JobImports = [.. CommonImports, "System.IO", "System.Text.Json", "System.Threading.Tasks"];

    public static CompiledScript Compile(ScriptSource source, CancellationToken cancellationToken)
    {
        var plain = CreateCompilation(source, source.Files);
        var problems = ListErrors(plain.GetDiagnostics(cancellationToken), source);
        if (problems.Count == 0)
        {
            problems = RefusedCodeFinder.Find(plain, source.Kind, cancellationToken);
        }

        if (problems.Count > 0)
        {
            return new(null, [.. problems.Take(MaxProblems)]);
        }

        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var shifts = new Dictionary<string, IReadOnlyList<ColumnShift>>(StringComparer.Ordinal);
        foreach (var tree in plain.SyntaxTrees)
        {
            (texts[tree.FilePath], shifts[tree.FilePath]) = Instrumentation.Apply(plain, tree, tree.FilePath == source.MainFile, cancellationToken);
        }

        return Emit(CreateCompilation(source, texts), source, shifts, cancellationToken);
    }

    private static CompiledScript Emit(
        CSharpCompilation compilation,
        ScriptSource source,
        IReadOnlyDictionary<string, IReadOnlyList<ColumnShift>> shifts,
        CancellationToken cancellationToken)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = compilation.Emit(
            assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        return result.Success
            ? new(new(assembly.ToArray(), symbols.ToArray(), shifts), [])
            : new(null, [.. ListErrors(result.Diagnostics, source).Take(MaxProblems)
                .Select(
                    problem => problem with
                    {
                        Message = $"the script compiles, but not with the host's guard put in: {problem.Message}; write this place in another way",
                    })]);
    }

    private static CSharpCompilation CreateCompilation(ScriptSource source, IReadOnlyDictionary<string, string> texts)
    {
        var tree = CSharpSyntaxTree.ParseText(
            texts[source.MainFile], new CSharpParseOptions(LanguageVersion.Latest, kind: SourceCodeKind.Script), source.MainFile, Encoding.UTF8);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            scriptClassName: ScriptImage.ClassName,
            usings: source.Kind.IsPolicy ? CommonImports : JobImports,
            // Not optimised: an optimised place is the statement before, or the caller. A call stays far below a microsecond.
            optimizationLevel: OptimizationLevel.Debug,
            nullableContextOptions: NullableContextOptions.Enable,
            concurrentBuild: false,
            deterministic: true,
            sourceReferenceResolver: new SnapshotSourceResolver(source, texts),
            metadataReferenceResolver: new RefusingReferenceResolver());
        return CSharpCompilation.CreateScriptCompilation(
            $"DhcpHost.Script.{source.Name.Replace('/', '.')}.{source.ShortHash}",
            tree,
            SharedReferences.All,
            options,
            returnType: typeof(object),
            globalsType: source.Kind.GlobalsType);
    }

    private static List<ScriptProblem> ListErrors(IEnumerable<Diagnostic> diagnostics, ScriptSource source) =>
        [.. diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => Describe(diagnostic, source))
            .Distinct()];

    private static ScriptProblem Describe(Diagnostic diagnostic, ScriptSource source)
    {
        var span = diagnostic.Location.GetMappedLineSpan();
        var file = span.IsValid && span.Path.Length > 0 ? span.Path : source.MainFile;
        var message = diagnostic.Id switch
        {
            "CS1504" => DescribeLoad(diagnostic, source, file),
            "CS0006" => "#r is refused: a script uses the host's contract and the base library only; what needs more belongs in a plugin",
            _ => $"{diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}",
        };
        return new(file, span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1, message);
    }

    private static string DescribeLoad(Diagnostic diagnostic, ScriptSource source, string file)
    {
        var text = diagnostic.Location.SourceTree?.GetText().ToString(diagnostic.Location.SourceSpan).Trim('"') ?? "";
        return source.RefusedLoads.TryGetValue(ScriptSource.LoadKey(file, text), out var reason)
            ? $"#load {reason}"
            : $"#load '{text}' is refused: write it on a line of its own as #load \"file.csx\"";
    }
}
