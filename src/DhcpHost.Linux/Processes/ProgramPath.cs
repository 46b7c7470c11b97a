namespace DhcpHost.Linux.Processes;

/// <summary>Where programs are that are named without a directory, and what children get as PATH.</summary>
public static class ProgramPath
{
    /// <summary>All directories, in the order of PATH.</summary>
    public const string Variable = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Directories that a program may be in: its own if it is a path, else those of <see cref="Variable"/> that are there.</summary>
    public static IEnumerable<string> DirectoriesOf(string program) =>
        Path.IsPathRooted(program) ? [Path.GetDirectoryName(program)!] : Variable.Split(':').Where(Directory.Exists);
}
