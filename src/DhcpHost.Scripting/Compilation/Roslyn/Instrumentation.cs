using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>Puts the guard's checks into a script: loops, catches, jumps, functions, queries, lengths.</summary>
internal sealed partial class Instrumentation : CSharpSyntaxWalker
{
    private readonly SemanticModel _model;
    private readonly InstrumentedText _text;
    private readonly CancellationToken _cancellationToken;

    private Instrumentation(SemanticModel model, InstrumentedText text, CancellationToken cancellationToken)
    {
        _model = model;
        _text = text;
        _cancellationToken = cancellationToken;
    }

    public static (string Text, IReadOnlyList<ColumnShift> Shifts) Apply(
        CSharpCompilation compilation, SyntaxTree tree, bool isMain, CancellationToken cancellationToken)
    {
        var text = new InstrumentedText(tree.GetText(cancellationToken));
        var root = (CompilationUnitSyntax)tree.GetRoot(cancellationToken);
        if (isMain)
        {
            // Before the first member: the last may be an expression without a semicolon.
            if (root.Members.Count > 0)
            {
                text.Insert(root.Members[0].SpanStart, GuardSource.Declaration);
            }
            else
            {
                text.Insert(root.EndOfFileToken.SpanStart, "\n" + GuardSource.Declaration);
            }
        }

        new Instrumentation(compilation.GetSemanticModel(tree), text, cancellationToken).Visit(root);
        return text.Build();
    }

    public override void VisitAttributeList(AttributeListSyntax node)
    {
        // Arguments of attributes are constants.
    }

    public override void VisitWhileStatement(WhileStatementSyntax node)
    {
        Visit(node.Condition);
        VisitBody(node.Statement);
    }

    public override void VisitDoStatement(DoStatementSyntax node)
    {
        VisitBody(node.Statement);
        Visit(node.Condition);
    }

    public override void VisitForStatement(ForStatementSyntax node)
    {
        foreach (var part in node.ChildNodes().Where(child => child != node.Statement))
        {
            Visit(part);
        }

        VisitBody(node.Statement);
    }

    public override void VisitForEachStatement(ForEachStatementSyntax node)
    {
        Visit(node.Expression);
        VisitBody(node.Statement);
    }

    public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node)
    {
        Visit(node.Expression);
        VisitBody(node.Statement);
    }

    public override void VisitCatchClause(CatchClauseSyntax node)
    {
        Visit(node.Filter);
        _text.Insert(node.Block.OpenBraceToken.Span.End, " " + GuardSource.Check);
        Visit(node.Block);
    }

    public override void VisitGotoStatement(GotoStatementSyntax node)
    {
        _text.Insert(node.SpanStart, "{ " + GuardSource.Check);
        base.VisitGotoStatement(node);
        _text.Insert(node.Span.End, " }");
    }

    public override void VisitArrayCreationExpression(ArrayCreationExpressionSyntax node)
    {
        if (node.Initializer is null)
        {
            foreach (var size in node.Type.RankSpecifiers.SelectMany(rank => rank.Sizes).Where(size => size is not OmittedArraySizeExpressionSyntax))
            {
                VisitWrapped(size, GuardSource.Length);
            }
        }
        else
        {
            Visit(node.Initializer);
        }
    }

    public override void VisitArgument(ArgumentSyntax node)
    {
        if (IsLength(node))
        {
            VisitWrapped(node.Expression, GuardSource.Length);
        }
        else
        {
            base.VisitArgument(node);
        }
    }

    public override void VisitWhereClause(WhereClauseSyntax node) => VisitWrapped(node.Condition, GuardSource.Pass);

    public override void VisitLetClause(LetClauseSyntax node) => VisitWrapped(node.Expression, GuardSource.Pass);

    public override void VisitOrdering(OrderingSyntax node) => VisitWrapped(node.Expression, GuardSource.Pass);

    public override void VisitSelectClause(SelectClauseSyntax node) => VisitWrapped(node.Expression, GuardSource.Pass);

    public override void VisitGroupClause(GroupClauseSyntax node)
    {
        VisitWrapped(node.GroupExpression, GuardSource.Pass);
        VisitWrapped(node.ByExpression, GuardSource.Pass);
    }

    private void VisitBody(StatementSyntax statement)
    {
        if (statement is BlockSyntax block)
        {
            _text.Insert(block.OpenBraceToken.Span.End, " " + GuardSource.Check);
            Visit(block);
            return;
        }

        _text.Insert(statement.SpanStart, "{ " + GuardSource.Check);
        Visit(statement);
        _text.Insert(statement.Span.End, " }");
    }

    private void VisitWrapped(ExpressionSyntax expression, string opening)
    {
        _text.Insert(expression.SpanStart, opening);
        Visit(expression);
        _text.Insert(expression.Span.End, ")");
    }

    /// <summary>Whether an argument is the number of items that a method of the base library makes at once.</summary>
    private bool IsLength(ArgumentSyntax node)
    {
        if (node.Parent is not BaseArgumentListSyntax { Parent: ExpressionSyntax call } list
            || _model.GetSymbolInfo(call, _cancellationToken).Symbol is not IMethodSymbol method
            || method.ContainingAssembly.Equals(_model.Compilation.Assembly, SymbolEqualityComparer.Default))
        {
            return false;
        }

        var index = list.Arguments.IndexOf(node);
        var parameter = node.NameColon is { } name
            ? method.Parameters.FirstOrDefault(candidate => candidate.Name == name.Name.Identifier.Text)
            : index < method.Parameters.Length ? method.Parameters[index] : null;
        return parameter is { Type.SpecialType: SpecialType.System_Int32 or SpecialType.System_Int64, RefKind: RefKind.None }
            && (parameter.Name is "capacity" or "totalWidth" or "newSize"
                || (parameter.Name is "count" or "length" or "length1" or "repeatCount"
                    && method.ContainingType.Name is "String" or "Enumerable" or "Array" or "StringBuilder"));
    }
}
