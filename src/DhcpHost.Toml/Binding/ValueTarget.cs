using DhcpHost.Toml.Values;

namespace DhcpHost.Toml.Binding;

/// <summary>What a value is converted to.</summary>
/// <param name="Type">The type, with its <see cref="Nullable{T}"/>.</param>
/// <param name="Key">The full path for errors.</param>
/// <param name="Member">The member whose rules hold; <c>null</c> where there is none.</param>
internal readonly record struct ValueTarget(Type Type, KeyPath Key, BoundMember? Member = null);
