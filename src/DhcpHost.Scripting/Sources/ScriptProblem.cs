namespace DhcpHost.Scripting.Sources;

/// <summary>What is wrong with a script, and where.</summary>
/// <param name="File">The file, relative to the scripts' folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Message">What is wrong, why, and what cures it.</param>
public sealed record ScriptProblem(string File, int Line, int Column, string Message)
{
    /// <summary><c>/etc/dhcphost/scripts/policies/pool-size.csx:2:9: …</c>.</summary>
    /// <param name="directory">The scripts' folder.</param>
    public string Format(string directory) => $"{Path.Combine(directory, File)}:{Line}:{Column}: {Message}";

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
