using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using DhcpHost.Scripting.Compilation;
using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Execution;

/// <summary>Finds where in a script an exception came from, as its author counts lines and columns.</summary>
internal static class ScriptPlaces
{
    /// <summary>The innermost place in the script, or the start of its file where there is none.</summary>
    public static ScriptProblem Describe(Exception exception, Assembly assembly, ScriptImage image, string mainFile)
    {
        var cause = exception is TargetInvocationException or TypeInitializationException or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is { } inner ? inner : exception;
        var message = cause is ScriptStoppedException ? cause.Message : $"{cause.GetType().Name}: {cause.Message}";
        var place = FindPlace(cause, assembly, image);
        return place is var (file, line, column) && file is not null ? new(file, line, column, message) : new(mainFile, 1, 1, message);
    }

    private static (string? File, int Line, int Column) FindPlace(Exception exception, Assembly assembly, ScriptImage image)
    {
        using var provider = MetadataReaderProvider.FromPortablePdbImage(ImmutableArray.Create(image.Symbols));
        var reader = provider.GetMetadataReader();
        var trace = new StackTrace(exception, fNeedFileInfo: false);
        for (var index = 0; index < trace.FrameCount; index++)
        {
            if (trace.GetFrame(index) is { } frame && frame.GetMethod() is { } method && method.Module.Assembly == assembly
                && method.DeclaringType?.Name != ScriptImage.GuardName
                && FindPoint(reader, method.MetadataToken, frame.GetILOffset()) is { } point)
            {
                var file = reader.GetString(reader.GetDocument(point.Document).Name);
                return (file, point.StartLine, OriginalColumn(image, file, point.StartLine, point.StartColumn));
            }
        }

        return default;
    }

    private static SequencePoint? FindPoint(MetadataReader reader, int methodToken, int offset)
    {
        var handle = MetadataTokens.MethodDefinitionHandle(methodToken & 0xFFFFFF).ToDebugInformationHandle();
        SequencePoint? best = null;
        foreach (var point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
        {
            if (!point.IsHidden && (best is null || point.Offset <= offset))
            {
                best = point;
            }
        }

        return best;
    }

    private static int OriginalColumn(ScriptImage image, string file, int line, int column)
    {
        if (!image.Shifts.TryGetValue(file, out var shifts))
        {
            return column;
        }

        var original = column;
        foreach (var shift in shifts.Where(shift => shift.Line == line && shift.Column < column))
        {
            // A place inside what was put in is told as the place where it was put.
            original -= Math.Min(shift.Length, column - shift.Column);
        }

        return Math.Max(1, original);
    }
}
