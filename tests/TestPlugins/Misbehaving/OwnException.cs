namespace TestPlugins.Misbehaving;

/// <summary>An exception type that only the plugin has.</summary>
internal sealed class OwnException(string message) : Exception(message);
