using System.Reflection;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Plugins.Loading;

/// <summary>Turns whatever a plugin throws into a sentence for an operator, and lets go of the exception itself.</summary>
internal static class PluginFailure
{
    private const int MaxLength = 500;

    public static PluginLoadException From(Exception exception, string doing)
    {
        var cause = Unwrap(exception);
        return cause switch
        {
            PluginLoadException known => known,
            CallTimeoutException timeout => new($"{timeout.Message} {doing}" + (timeout.WasLeftBehind ? " and hangs: its thread is left behind" : "")),
            DhcpHostException told => new(told.Message, told.ToString(), told.Kind is FailureKind.Transient or FailureKind.Conflict),
            FileNotFoundException { FileName: { } file } when file.Contains("Version=", StringComparison.Ordinal) =>
                new($"it needs {file.Split(',')[0]}.dll, which is not in its folder; build with `dotnet publish` and copy all of it", cause.ToString()),
            MissingMemberException or TypeLoadException => new(
                $"it does not fit this host or its own libraries {doing}: {Line(cause.Message)}; build it against this host's contract", cause.ToString()),
            BadImageFormatException => new($"a file of it is not .NET or is damaged: {Line(cause.Message)}; copy it again", cause.ToString()),
            _ => new($"it threw {cause.GetType().Name} {doing}: {Line(cause.Message)}", cause.ToString()),
        };
    }

    /// <summary>Adds what failed while cleaning up after a failure.</summary>
    public static PluginLoadException Join(PluginLoadException first, PluginLoadException cleanup) => new(
        $"{first.Message}; additionally, cleanup: {cleanup.Message}", string.Join(
            "\n", new[] { first.Trace, cleanup.Trace }.Where(trace => trace is not null)), first.IsPassing);

    /// <summary>An initialiser's and a reflected call's wrappers say nothing themselves.</summary>
    private static Exception Unwrap(Exception exception)
    {
        while (exception is TargetInvocationException or TypeInitializationException or AggregateException { InnerExceptions.Count: 1 }
            && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private static string Line(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim();
        return line.Length > MaxLength ? $"{line[..MaxLength]}…" : line;
    }
}
