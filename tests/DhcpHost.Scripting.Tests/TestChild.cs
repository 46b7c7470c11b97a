namespace DhcpHost.Scripting.Tests;

/// <summary>The program that tests look at from outside.</summary>
internal static class TestChild
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "DhcpHost.Scripting.TestChild");
}
