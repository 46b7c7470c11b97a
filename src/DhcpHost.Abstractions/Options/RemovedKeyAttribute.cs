namespace DhcpHost.Abstractions.Options;

/// <summary>On an options class: a key that it had once. Whoever still writes it is told what to write instead, not that nobody knows it.</summary>
/// <remarks>Part of the contract since 1.1.</remarks>
/// <param name="key">The key, as it stood in <c>host.toml</c>.</param>
/// <param name="cure">What to write instead, and why where that is not plain.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public sealed class RemovedKeyAttribute(string key, string cure) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>What to write instead.</summary>
    public string Cure { get; } = cure;
}
