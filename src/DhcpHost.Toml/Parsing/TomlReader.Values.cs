using DhcpHost.Toml.Nodes;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace DhcpHost.Toml.Parsing;

internal sealed partial class TomlReader
{
    private TomlNode? ReadValue(int depth, string key)
    {
        if (depth > limits.MaxDepth)
        {
            _ = Fail($"arrays and tables may nest {limits.MaxDepth} deep", key);
            return null;
        }

        var place = Here;
        switch (_token.Kind)
        {
            case TokenKind.OpenBracket:
                return ReadArray(place, depth, key);
            case TokenKind.OpenBrace:
                return ReadInlineTable(place, depth, key);
        }

        if (ScalarAt(place) is { } scalar)
        {
            return Next(TomlLexerMode.Value) ? scalar : null;
        }

        _ = _token.Kind is TokenKind.NewLine or TokenKind.Eof
            ? Fail("a value is missing after '='", key)
            : Fail($"{Shown()} is not a value", key, "text needs quotes");
        return null;
    }

    private TomlScalar? ScalarAt(TomlPlace place)
    {
        switch (_token.Kind)
        {
            case TokenKind.String or TokenKind.StringMulti or TokenKind.StringLiteral or TokenKind.StringLiteralMulti:
                return new(place, TomlScalarKind.Text, _token.StringValue ?? "");
            case TokenKind.Integer:
                return new(place, TomlScalarKind.Integer, Source(), unchecked((long)_token.Data));
            case TokenKind.IntegerHexa or TokenKind.IntegerOctal or TokenKind.IntegerBinary when _token.Data <= long.MaxValue:
                return new(place, TomlScalarKind.Integer, Source(), (long)_token.Data);
            case TokenKind.Float
                or TokenKind.Infinite or TokenKind.PositiveInfinite or TokenKind.NegativeInfinite
                or TokenKind.Nan or TokenKind.PositiveNan or TokenKind.NegativeNan:
                return new(place, TomlScalarKind.Float, Source(), 0, BitConverter.UInt64BitsToDouble(_token.Data));
            case TokenKind.True or TokenKind.False:
                return new(place, TomlScalarKind.Boolean, Source(), _token.Kind == TokenKind.True ? 1 : 0);
            case TokenKind.OffsetDateTimeByZ or TokenKind.OffsetDateTimeByNumber
                or TokenKind.LocalDateTime or TokenKind.LocalDate or TokenKind.LocalTime:
                return new(place, TomlScalarKind.DateTime, Source());
            default:
                return null;
        }
    }

    private TomlArray? ReadArray(TomlPlace place, int depth, string key)
    {
        var array = new TomlArray(place, isOfTables: false);
        if (!NextAcrossLines(TomlLexerMode.Value))
        {
            return null;
        }

        while (_token.Kind != TokenKind.CloseBracket)
        {
            if (ReadValue(depth + 1, key) is not { } item || !SkipLines(TomlLexerMode.Value))
            {
                return null;
            }

            array.Items.Add(item);
            if (_token.Kind == TokenKind.Comma)
            {
                if (!NextAcrossLines(TomlLexerMode.Value))
                {
                    return null;
                }
            }
            else if (_token.Kind != TokenKind.CloseBracket)
            {
                _ = Fail($"the array needs ',' or ']' here, not {Shown()}", key);
                return null;
            }
        }

        return Next(TomlLexerMode.Value) ? array : null;
    }

    private TomlTable? ReadInlineTable(TomlPlace place, int depth, string key)
    {
        var table = new TomlTable(place, TomlTableOrigin.Inline);
        if (!NextAcrossLines(TomlLexerMode.Key))
        {
            return null;
        }

        while (_token.Kind != TokenKind.CloseBrace)
        {
            if (!ReadKeyValue(table, depth + 1) || !SkipLines(TomlLexerMode.Key))
            {
                return null;
            }

            if (_token.Kind == TokenKind.Comma)
            {
                if (!NextAcrossLines(TomlLexerMode.Key))
                {
                    return null;
                }
            }
            else if (_token.Kind != TokenKind.CloseBrace)
            {
                _ = Fail($"the table needs ',' or '}}' here, not {Shown()}", key);
                return null;
            }
        }

        return Next(TomlLexerMode.Value) ? table : null;
    }

    private bool SkipLines(TomlLexerMode mode) => _token.Kind != TokenKind.NewLine || NextAcrossLines(mode);
}
