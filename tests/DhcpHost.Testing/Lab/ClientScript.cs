using System.Text;

namespace DhcpHost.Testing.Lab;

/// <summary>A directory with the script that a client calls, which writes each call's environment to a file of its own.</summary>
internal sealed class ClientScript : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Writes the script; <paramref name="body"/> runs after the event has been taken down, with $REASON set.</summary>
    internal ClientScript(string reason, string body)
    {
        Path = Directory.CreateTempSubdirectory("dhcphost-client-").FullName;
        File = System.IO.Path.Combine(Path, "script");
        // The file appears whole, after what it reports has been done.
        System.IO.File.WriteAllText(File, $"""
            #!/bin/sh
            REASON="{reason}"
            {body}
            t="{Path}/.$$"
            env -0 > "$t"
            mv "$t" "{Path}/$(date +%s%N)-$REASON.event"
            exit 0

            """);
        System.IO.File.SetUnixFileMode(File, Executable);
    }

    internal string Path { get; }

    internal string File { get; }

    /// <summary>The calls since the last one, oldest first.</summary>
    internal IReadOnlyList<DhcpEvent> TakeNew() =>
        [.. Directory.EnumerateFiles(Path, "*.event").Order(StringComparer.Ordinal).Where(_seen.Add).Select(Parse)];

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static DhcpEvent Parse(string file)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in Encoding.UTF8.GetString(System.IO.File.ReadAllBytes(file)).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = variable.Split('=', 2) is [var n, var v] ? (n, v) : (variable, "");
            variables[name] = value;
        }
        var reason = System.IO.Path.GetFileNameWithoutExtension(file).Split('-', 2)[1];
        return new DhcpEvent(reason, variables);
    }
}
