using System.Diagnostics;

namespace DhcpHost.Scripting.Tests;

/// <summary>What may become of a file of a compiled script.</summary>
internal static class FileDamage
{
    /// <summary>All ways, by name.</summary>
    public static TheoryData<string> Ways { get; } = new("flip", "truncate", "empty", "group-writable", "foreign", "link");

    public static void Do(string way, string file)
    {
        var bytes = File.ReadAllBytes(file);
        switch (way)
        {
            case "flip":
                bytes[^100] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            case "truncate":
                File.WriteAllBytes(file, bytes[..^1]);
                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "group-writable":
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
                break;
            case "foreign":
                using (var chown = Process.Start(new ProcessStartInfo("chown", ["nobody", file]))!)
                {
                    chown.WaitForExit();
                    Assert.Equal(0, chown.ExitCode);
                }

                break;
            case "link":
                File.Move(file, file + ".elsewhere");
                _ = File.CreateSymbolicLink(file, file + ".elsewhere");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(way), way, "there is no such damage");
        }
    }
}
