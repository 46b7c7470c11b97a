namespace TestPlugins.Misbehaving;

/// <summary>What this copy of the plugin is to do wrong, as the file <c>behaviour.txt</c> beside its assembly says.</summary>
internal static class Behaviour
{
    public static string Name { get; } = Read();

    public static bool Is(string name) => Name == name;

    private static string Read()
    {
        var path = Path.Combine(Path.GetDirectoryName(typeof(Behaviour).Assembly.Location)!, "behaviour.txt");
        return File.Exists(path) ? File.ReadAllText(path).Trim() : "good";
    }
}
