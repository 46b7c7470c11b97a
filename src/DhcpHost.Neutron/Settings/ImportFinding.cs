namespace DhcpHost.Neutron.Settings;

/// <summary>What an import says of one option.</summary>
/// <param name="Kind">Which way it went.</param>
/// <param name="Option">Its name, with its group where that is not <c>DEFAULT</c>.</param>
/// <param name="Place">Where it stands; empty where it is Neutron's default.</param>
/// <param name="Text">The key that it became, why it is not needed, what to do instead, or what is wrong.</param>
public sealed record ImportFinding(FindingKind Kind, string Option, string Place, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Place.Length > 0 ? $"{Place}: {Option}: {Text}" : $"{Option}: {Text}";
}
