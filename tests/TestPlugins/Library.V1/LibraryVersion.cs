namespace TestPlugins.Library;

/// <summary>A library that the host and a plugin have in different versions.</summary>
public static class LibraryVersion
{
    /// <summary>Which one this is.</summary>
    public static string Text => "library 1";
}
