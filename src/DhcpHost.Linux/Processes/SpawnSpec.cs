namespace DhcpHost.Linux.Processes;

/// <summary>A program to start. It gets its own session, default signals, and no descriptor of the host's.</summary>
/// <param name="Program">Absolute path of the executable: PATH is not searched.</param>
/// <param name="Arguments">Without the program's own name, which is put before them.</param>
public sealed record SpawnSpec(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The child's whole environment; nothing of the host's is passed on. Default: PATH and LC_ALL=C.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>
    {
        ["PATH"] = ProgramPath.Variable,
        ["LC_ALL"] = "C",
    };

    /// <summary>Where it starts. Default: the root directory, so that no file system is kept busy.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>A file that standard output and error are appended to (made with mode 0600); null is /dev/null.</summary>
    public string? OutputFile { get; init; }

    /// <summary>A word of the arguments that is ours alone, by which the process is recognised later; null is the program's path.</summary>
    public string? Marker { get; init; }

    /// <summary>The account that it runs as; null is the host's own, with all its rights.</summary>
    public ProcessAccount? Account { get; init; }

    /// <summary>Limits of the child.</summary>
    public ProcessLimits Limits { get; init; } = new();
}
