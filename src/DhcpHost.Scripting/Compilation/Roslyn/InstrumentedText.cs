using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace DhcpHost.Scripting.Compilation.Roslyn;

/// <summary>Collects insertions into a text. None adds a line, so lines stay what they are; columns are mapped back by the shifts.</summary>
internal sealed class InstrumentedText(SourceText text)
{
    private readonly List<(int Position, int Deleted, string Inserted)> _changes = [];

    /// <summary>Puts text in. Of two at one place, the one that was put first comes first.</summary>
    public void Insert(int position, string inserted) => _changes.Add((position, 0, inserted));

    /// <summary>Replaces text.</summary>
    public void Replace(TextSpan span, string inserted) => _changes.Add((span.Start, span.Length, inserted));

    public (string Text, IReadOnlyList<ColumnShift> Shifts) Build()
    {
        var result = new StringBuilder(text.Length + (_changes.Count * 32));
        var shifts = new List<ColumnShift>();
        var (done, line, grown) = (0, -1, 0);
        foreach (var (position, deleted, inserted) in _changes.OrderBy(change => change.Position))
        {
            _ = result.Append(text.ToString(TextSpan.FromBounds(done, position))).Append(inserted);
            done = position + deleted;
            var place = text.Lines.GetLinePosition(position);
            grown = place.Line == line ? grown : 0;
            line = place.Line;
            shifts.Add(new(line + 1, place.Character + grown + 1, inserted.Length - deleted));
            grown += inserted.Length - deleted;
        }

        return (result.Append(text.ToString(TextSpan.FromBounds(done, text.Length))).ToString(), shifts);
    }
}
