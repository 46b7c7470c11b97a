using System.Text.RegularExpressions;
using DhcpHost.Toml.Nodes;
using DhcpHost.Toml.Values;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace DhcpHost.Toml.Parsing;

/// <summary>Reads TOML 1.1 from Tomlyn's tokens into tables with places.</summary>
/// <remarks>
/// Tomlyn's own syntax tree costs 18 ms for a file of 1,000 reservations, ends at the first array that is nested too deep with an exception, and reads
/// the whole rest of a file wrongly after an unclosed quote. This reader takes about a tenth of that, and after an error goes on at the
/// next line that looks like a key or a header, so that one slip does not hide the others.
/// </remarks>
internal sealed partial class TomlReader(string text, string path, TomlLimits limits)
{
    private readonly TomlTreeBuilder _tree = new();
    private readonly List<TomlError> _errors = [];
    private TomlLexer _lexer = TomlLexer.Create(text, new TomlLexerOptions { DecodeScalars = true });
    private TomlToken _token;
    private int _textStart;
    private int _lineStart;
    private int _errorOffset;

    public IReadOnlyList<TomlError> Errors => _errors;

    private TomlPlace Here => new(_lineStart + _token.Start.Line + 1, _token.Start.Column + 1);

    public TomlTable Read()
    {
        var isAtToken = Next(TomlLexerMode.Key);
        while (true)
        {
            if ((isAtToken && _token.Kind == TokenKind.Eof) || _errors.Count >= limits.MaxErrors)
            {
                return _tree.Root;
            }

            if (isAtToken && ReadLine())
            {
                continue;
            }

            if (!TryResume())
            {
                return _tree.Root;
            }

            isAtToken = Next(TomlLexerMode.Key);
        }
    }

    private bool ReadLine() => _token.Kind switch
    {
        TokenKind.NewLine => Next(TomlLexerMode.Key),
        TokenKind.OpenBracket or TokenKind.OpenBracketDouble => ReadHeader(),
        TokenKind.BasicKey or TokenKind.String or TokenKind.StringLiteral => ReadKeyValue(_tree.Current, 0) && ReadEndOfLine(),
        _ => Fail("a key or a [table] is expected here"),
    };

    private bool ReadHeader()
    {
        var place = Here;
        var isArray = _token.Kind == TokenKind.OpenBracketDouble;
        _tree.OpenNowhere();
        if (!Next(TomlLexerMode.Key) || ReadKey() is not { } key)
        {
            return false;
        }

        if (_token.Kind != (isArray ? TokenKind.CloseBracketDouble : TokenKind.CloseBracket))
        {
            return Fail(isArray ? "the header needs ']]' here" : "the header needs ']' here");
        }

        if (!Next(TomlLexerMode.Key) || !ReadEndOfLine())
        {
            return false;
        }

        // A header that may not stand here still opens a table: its keys are read into it and lead to no further errors.
        if (_tree.OpenTable(place, key, isArray) is { } problem)
        {
            Report(key[^1].Place, PathOf(key), problem);
        }

        return true;
    }

    private bool ReadKeyValue(TomlTable table, int depth)
    {
        if (ReadKey() is not { } key)
        {
            return false;
        }

        if (_token.Kind != TokenKind.Equal)
        {
            return Fail("'=' and a value are missing after this key", PathOf(key));
        }

        if (!Next(TomlLexerMode.Value) || ReadValue(depth, PathOf(key)) is not { } value)
        {
            return false;
        }

        if (_tree.Add(table, key, value) is { } problem)
        {
            Report(key[^1].Place, PathOf(key), problem);
        }

        return true;
    }

    private bool ReadEndOfLine()
    {
        if (_token.Kind == TokenKind.Eof)
        {
            return true;
        }

        return _token.Kind == TokenKind.NewLine
            ? Next(TomlLexerMode.Key)
            : Fail($"the line should end here, but goes on with {Shown()}", cure: "one key or header a line; text needs quotes");
    }

    private List<TomlKeyPart>? ReadKey()
    {
        var parts = new List<TomlKeyPart>(1);
        while (true)
        {
            if (_token.Kind is not (TokenKind.BasicKey or TokenKind.String or TokenKind.StringLiteral))
            {
                _ = Fail($"a key is expected here, not {Shown()}");
                return null;
            }

            var name = _token.Kind == TokenKind.BasicKey ? Source() : _token.StringValue ?? "";
            parts.Add(new(name, Here));
            if (parts.Count > limits.MaxDepth)
            {
                _ = Fail($"a key has at most {limits.MaxDepth} parts");
                return null;
            }

            if (!Next(TomlLexerMode.Key))
            {
                return null;
            }

            if (_token.Kind != TokenKind.Dot)
            {
                return parts;
            }

            if (!Next(TomlLexerMode.Key))
            {
                return null;
            }
        }
    }

    /// <summary>Takes the next token that is not blank. False where the text there is no TOML at all: that is reported.</summary>
    private bool Next(TomlLexerMode mode)
    {
        _lexer.Mode = mode;
        while (true)
        {
            try
            {
                if (!_lexer.MoveNext())
                {
                    break;
                }
            }
            catch (ArgumentException exception)
            {
                // Tomlyn's lexer throws on some escapes and characters that its own checks let through.
                return Fail($"this is not TOML: {TomlText.Sentence(exception.Message)}");
            }

            _token = _lexer.Current;
            if (_lexer.HasErrors)
            {
                return FailInLexer();
            }

            if (_token.Kind is not (TokenKind.Whitespaces or TokenKind.Comment))
            {
                return true;
            }
        }

        _token = new TomlToken(TokenKind.Eof, _token.End, _token.End, null, 0);
        return true;
    }

    /// <summary>Takes the next token that is neither blank nor the end of a line.</summary>
    private bool NextAcrossLines(TomlLexerMode mode)
    {
        while (Next(mode))
        {
            if (_token.Kind != TokenKind.NewLine)
            {
                return true;
            }
        }

        return false;
    }

    private bool FailInLexer()
    {
        var error = _lexer.Errors.First();
        var isMultiline = _token.Kind is TokenKind.StringMulti or TokenKind.StringLiteralMulti;
        _errorOffset = _textStart + (isMultiline ? _token.End.Offset : error.Span.Start.Offset);
        Report(new(_lineStart + error.Span.Start.Line + 1, error.Span.Start.Column + 1), "", TomlText.Sentence(error.Message));
        return false;
    }

    private bool Fail(string message, string key = "", string? cure = null)
    {
        _errorOffset = _textStart + _token.Start.Offset;
        Report(Here, key, message, cure);
        return false;
    }

    private void Report(TomlPlace place, string key, string message, string? cure = null) =>
        _errors.Add(new(path, place.Line, place.Column, key, message, cure));

    /// <summary>Starts again at the next line after the error that looks like a key or a header.</summary>
    private bool TryResume()
    {
        var start = Math.Max(_errorOffset, _textStart);
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0)
            {
                return false;
            }

            start = end + 1;
            end = text.IndexOf('\n', start);
            if (StartOfLine().IsMatch(text.AsSpan(start, (end < 0 ? text.Length : end) - start)))
            {
                _lineStart += text.AsSpan(_textStart, start - _textStart).Count('\n');
                _textStart = start;
                _lexer = TomlLexer.Create(text[start..], new TomlLexerOptions { DecodeScalars = true });
                return true;
            }
        }

        return false;
    }

    private string Source() => _lexer.GetText(in _token) ?? "";

    private string Shown() => _token.Kind switch
    {
        TokenKind.Eof => "the end of the file",
        TokenKind.NewLine => "the end of the line",
        _ => TomlText.Quote(Source()),
    };

    private static string PathOf(List<TomlKeyPart> key) =>
        key.Count == 1 ? TomlText.Key(key[0].Name) : key.Aggregate("", (joined, part) => TomlText.Join(joined, part.Name));

    [GeneratedRegex("""^[ \t]*([A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')([ \t]*\.[ \t]*([A-Za-z0-9_-]+|"[^"\\]*"|'[^']*'))*[ \t]*=|^[ \t]*\[\[?[ \t]*[A-Za-z_"'][A-Za-z0-9_."' -]*\]{0,2}[ \t]*(#.*)?\r?$""", RegexOptions.NonBacktracking)]
    private static partial Regex StartOfLine();
}
