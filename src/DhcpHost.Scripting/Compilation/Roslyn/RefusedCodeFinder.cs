using DhcpHost.Scripting.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>
/// Finds what no deadline can end, or what would take the host with it, before it runs. It guards against accidents: who wants to get
/// around it can, and a script is trusted code all the same.
/// </summary>
internal sealed class RefusedCodeFinder : CSharpSyntaxWalker
{
    private readonly SemanticModel _model;
    private readonly ScriptKind _kind;
    private readonly List<ScriptProblem> _problems;
    private readonly CancellationToken _cancellationToken;

    private RefusedCodeFinder(SemanticModel model, ScriptKind kind, List<ScriptProblem> problems, CancellationToken cancellationToken)
    {
        _model = model;
        _kind = kind;
        _problems = problems;
        _cancellationToken = cancellationToken;
    }

    public static List<ScriptProblem> Find(CSharpCompilation compilation, ScriptKind kind, CancellationToken cancellationToken)
    {
        var problems = new List<ScriptProblem>();
        foreach (var tree in compilation.SyntaxTrees)
        {
            new RefusedCodeFinder(compilation.GetSemanticModel(tree), kind, problems, cancellationToken).Visit(tree.GetRoot(cancellationToken));
        }

        return problems;
    }

    public override void VisitUsingDirective(UsingDirectiveSyntax node)
    {
        // To import a namespace is harmless; what is used of it is looked at where it is used.
    }

    public override void VisitIdentifierName(IdentifierNameSyntax node) => CheckName(node);

    public override void VisitGenericName(GenericNameSyntax node)
    {
        CheckName(node);
        base.VisitGenericName(node);
    }

    public override void VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node)
    {
        Check(node, _model.GetSymbolInfo(node, _cancellationToken).Symbol);
        base.VisitImplicitObjectCreationExpression(node);
    }

    public override void VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        CheckRegex(node, _model.GetSymbolInfo(node, _cancellationToken).Symbol as IMethodSymbol);
        base.VisitObjectCreationExpression(node);
    }

    public override void VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        CheckRegex(node, _model.GetSymbolInfo(node, _cancellationToken).Symbol as IMethodSymbol);
        base.VisitInvocationExpression(node);
    }

    public override void VisitStackAllocArrayCreationExpression(StackAllocArrayCreationExpressionSyntax node) =>
        Refuse(node, "stackalloc", "a stack that overflows ends the host; use new");

    public override void VisitImplicitStackAllocArrayCreationExpression(ImplicitStackAllocArrayCreationExpressionSyntax node) =>
        Refuse(node, "stackalloc", "a stack that overflows ends the host; use new");

    public override void VisitDestructorDeclaration(DestructorDeclarationSyntax node) =>
        Refuse(node, "a finalizer", "it runs on a thread where an exception ends the host; use using");

    public override void VisitFinallyClause(FinallyClauseSyntax node)
    {
        // Seen with .NET 10.0: an exception out of such a block is a segmentation fault of the runtime.
        if (_model.AnalyzeControlFlow(node.Block) is { Succeeded: true, EndPointIsReachable: false })
        {
            Refuse(node, "a finally block that never ends", "stopping it ends the host; let it end");
        }

        base.VisitFinallyClause(node);
    }

    public override void VisitLockStatement(LockStatementSyntax node)
    {
        Refuse(node, "lock", _kind.IsPolicy
            ? "it blocks the thread, which no deadline can end; a policy decides from its context alone and needs none"
            : "it blocks the thread, which no deadline can end; use SemaphoreSlim.WaitAsync");
        base.VisitLockStatement(node);
    }

    public override void VisitAwaitExpression(AwaitExpressionSyntax node)
    {
        if (_kind.IsPolicy)
        {
            Refuse(node, "await", "a policy decides from its context alone, at once: it cannot wait for anything");
        }

        base.VisitAwaitExpression(node);
    }

    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        CheckFunction(node, _model.GetDeclaredSymbol(node, _cancellationToken));
        base.VisitMethodDeclaration(node);
    }

    public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        CheckFunction(node, _model.GetDeclaredSymbol(node, _cancellationToken));
        base.VisitLocalFunctionStatement(node);
    }

    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        CheckFunction(node, _model.GetSymbolInfo(node, _cancellationToken).Symbol as IMethodSymbol);
        base.VisitSimpleLambdaExpression(node);
    }

    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        CheckFunction(node, _model.GetSymbolInfo(node, _cancellationToken).Symbol as IMethodSymbol);
        base.VisitParenthesizedLambdaExpression(node);
    }

    public override void VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node)
    {
        CheckFunction(node, _model.GetSymbolInfo(node, _cancellationToken).Symbol as IMethodSymbol);
        base.VisitAnonymousMethodExpression(node);
    }

    private void CheckFunction(SyntaxNode node, IMethodSymbol? function)
    {
        if (function is { IsAsync: true, ReturnsVoid: true })
        {
            Refuse(node, "async void", "nobody can await it, and an exception in it ends the host; return Task");
        }
        else if (function is { IsExtern: true })
        {
            Refuse(node, "extern", "native code can end the host; write a plugin for that");
        }
    }

    private void CheckName(SimpleNameSyntax node)
    {
        var symbol = _model.GetSymbolInfo(node, _cancellationToken).Symbol;
        // Of "Type.Member" the member is looked at, which says more.
        if (symbol is not INamedTypeSymbol || node.Parent is not MemberAccessExpressionSyntax access || access.Expression != node)
        {
            Check(node, symbol);
        }
    }

    private void Check(SyntaxNode node, ISymbol? symbol)
    {
        if (symbol is null || symbol is INamespaceSymbol || symbol.ContainingAssembly is not { } assembly
            || assembly.Equals(_model.Compilation.Assembly, SymbolEqualityComparer.Default))
        {
            return;
        }

        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        if (type is null)
        {
            return;
        }

        // From the most to the least specific: the member, the type and those that it derives from, the namespaces.
        var typeName = FullName(type);
        if (symbol is not INamedTypeSymbol && RefuseIfListed(node, $"{typeName}.{symbol.Name}"))
        {
            return;
        }

        if (RefusedCode.Allowed.Contains(typeName))
        {
            return;
        }

        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (RefuseIfListed(node, FullName(ancestor)))
            {
                return;
            }
        }

        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (RefuseIfListed(node, space.ToDisplayString()))
            {
                return;
            }
        }
    }

    private bool RefuseIfListed(SyntaxNode node, string name)
    {
        if (!RefusedCode.All.TryGetValue(name, out var rule) || (!_kind.IsPolicy && !rule.InJobs))
        {
            return false;
        }

        Refuse(node, node.ToString(), rule.Reason);
        return true;
    }

    private void CheckRegex(SyntaxNode node, IMethodSymbol? method)
    {
        if (_kind.IsPolicy && method is { ContainingType: { Name: "Regex" } type } && FullName(type) == "System.Text.RegularExpressions.Regex"
            && (method.MethodKind == MethodKind.Constructor || method.IsStatic)
            && method.Name != "Escape" && method.Name != "Unescape"
            && !method.Parameters.Any(parameter => parameter.Type.Name == nameof(TimeSpan)))
        {
            Refuse(
                node, "a Regex without a time limit", "some patterns take for ever on some texts; pass a matchTimeout, such as TimeSpan.FromMilliseconds(20)");
        }
    }

    private void Refuse(SyntaxNode node, string what, string reason)
    {
        var span = node.GetLocation().GetMappedLineSpan();
        var problem = new ScriptProblem(
            span.Path, span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1,
            $"{what} is refused in a {(_kind.IsPolicy ? "policy" : "job")} script: {reason}");
        if (!_problems.Contains(problem))
        {
            _problems.Add(problem);
        }
    }

    private static string FullName(INamedTypeSymbol type) =>
        type.ContainingType is { } outer
            ? $"{FullName(outer)}.{type.Name}"
            : type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.Name}" : type.Name;
}
