using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Reload;

/// <summary>A script's file as the last scan left it. Only the scan changes it, under its lock; others see whole values.</summary>
internal sealed class ScriptFile(string name, ScriptKind? kind, string path)
{
    /// <summary>Its name: <c>pool-size</c>, <c>jobs/nightly</c>.</summary>
    public string Name { get; } = name;

    /// <summary>What it is for; <c>null</c> for a file that is none of the policies.</summary>
    public ScriptKind? Kind { get; } = kind;

    /// <summary>Its file, relative to the scripts' folder.</summary>
    public string Path { get; } = path;

    /// <summary>The hash of the content that was tried last, good or not.</summary>
    public string? TriedHash { get; set; }

    /// <summary>The start of the hash of the content in force.</summary>
    public string? InForce { get; set; }

    /// <summary>When it was put in force.</summary>
    public DateTimeOffset? LoadedAt { get; set; }

    /// <summary>What is wrong with the newest content.</summary>
    public IReadOnlyList<string> Problems { get; set; } = [];

    /// <summary>Since when the file is not there, which may be a moment between an editor's two steps.</summary>
    public long? MissingSince { get; set; }
}
