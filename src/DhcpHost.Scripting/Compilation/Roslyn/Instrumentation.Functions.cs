using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DhcpHost.Scripting.Compilation.Roslyn;

internal sealed partial class Instrumentation
{
    public override void VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        Visit(node.ParameterList);
        VisitFunction(node.Body, node.ExpressionBody, node.SemicolonToken, IsVoid(_model.GetDeclaredSymbol(node, _cancellationToken)));
    }

    public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        Visit(node.ParameterList);
        VisitFunction(node.Body, node.ExpressionBody, node.SemicolonToken, IsVoid(_model.GetDeclaredSymbol(node, _cancellationToken)));
    }

    public override void VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
    {
        Visit(node.Initializer);
        VisitFunction(node.Body, node.ExpressionBody, node.SemicolonToken, isVoid: true);
    }

    public override void VisitOperatorDeclaration(OperatorDeclarationSyntax node) =>
        VisitFunction(node.Body, node.ExpressionBody, node.SemicolonToken, IsVoid(_model.GetDeclaredSymbol(node, _cancellationToken)));

    public override void VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node) =>
        VisitFunction(node.Body, node.ExpressionBody, node.SemicolonToken, isVoid: false);

    public override void VisitAccessorDeclaration(AccessorDeclarationSyntax node) =>
        VisitFunction(node.Body, node.ExpressionBody, node.SemicolonToken, IsVoid(_model.GetDeclaredSymbol(node, _cancellationToken)));

    public override void VisitIndexerDeclaration(IndexerDeclarationSyntax node)
    {
        Visit(node.AccessorList);
        VisitGetter(node.ExpressionBody, node.SemicolonToken);
    }

    public override void VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        Visit(node.AccessorList);
        VisitGetter(node.ExpressionBody, node.SemicolonToken);
        VisitInitializer(node.Initializer, node.Parent);
    }

    public override void VisitFieldDeclaration(FieldDeclarationSyntax node)
    {
        foreach (var variable in node.Declaration.Variables)
        {
            VisitInitializer(variable.Initializer, node.Parent);
        }
    }

    public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => VisitLambda(node);

    public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => VisitLambda(node);

    public override void VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node) => VisitLambda(node);

    private void VisitLambda(AnonymousFunctionExpressionSyntax node)
    {
        if (node.Block is { } block)
        {
            _text.Insert(block.OpenBraceToken.Span.End, " " + GuardSource.Enter);
            Visit(block);
        }
        else if (node.ExpressionBody is { } expression)
        {
            var isVoid = IsVoid(_model.GetSymbolInfo(node, _cancellationToken).Symbol as IMethodSymbol);
            _text.Insert(expression.SpanStart, "{ " + GuardSource.Enter + Return(expression, isVoid));
            Visit(expression);
            _text.Insert(expression.Span.End, "; }");
        }
    }

    private void VisitFunction(BlockSyntax? block, ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon, bool isVoid)
    {
        if (block is not null)
        {
            _text.Insert(block.OpenBraceToken.Span.End, " " + GuardSource.Enter);
            Visit(block);
        }
        else if (arrow is not null)
        {
            _text.Replace(arrow.ArrowToken.Span, "{ " + GuardSource.Enter + Return(arrow.Expression, isVoid));
            Visit(arrow.Expression);
            _text.Insert(semicolon.Span.End, " }");
        }
    }

    private void VisitGetter(ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon)
    {
        if (arrow is not null)
        {
            _text.Replace(arrow.ArrowToken.Span, "{ get { " + GuardSource.Enter + Return(arrow.Expression, isVoid: false));
            Visit(arrow.Expression);
            _text.Insert(semicolon.Span.End, " } }");
        }
    }

    /// <summary>An initializer of a type's member that makes objects may be the only code of an endless recursion.</summary>
    private void VisitInitializer(EqualsValueClauseSyntax? initializer, SyntaxNode? parent)
    {
        if (initializer is null)
        {
            return;
        }

        var value = initializer.Value;
        if (parent is not TypeDeclarationSyntax || value is InitializerExpressionSyntax or RefExpressionSyntax
            || !value.DescendantNodesAndSelf().Any(node => node is BaseObjectCreationExpressionSyntax))
        {
            Visit(value);
            return;
        }

        _text.Insert(value.SpanStart, GuardSource.Entered + "(");
        Visit(value);
        _text.Insert(value.Span.End, ") : default!");
    }

    private static string Return(ExpressionSyntax expression, bool isVoid) => isVoid || expression is ThrowExpressionSyntax ? "" : "return ";

    private static bool IsVoid(IMethodSymbol? method) =>
        method is null
        || method.ReturnsVoid
        || (method.IsAsync && method.ReturnType is INamedTypeSymbol { IsGenericType: false });
}
