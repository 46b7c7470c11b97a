using DhcpHost.Core.Store;

namespace DhcpHost.Core.Engine;

/// <summary>All that a reconcile depends upon besides what runs: where none of it changed and nothing drifted, there is nothing to do.</summary>
/// <param name="Snapshot">The network.</param>
/// <param name="PolicyGeneration">The policies in force.</param>
/// <param name="SettingsGeneration">The settings in force.</param>
internal sealed record AppliedInputs(NetworkSnapshot Snapshot, long PolicyGeneration, long SettingsGeneration);
