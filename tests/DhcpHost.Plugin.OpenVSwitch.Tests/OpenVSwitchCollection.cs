namespace DhcpHost.Plugin.OpenVSwitch.Tests;

/// <summary>All tests that share the one Open vSwitch.</summary>
[CollectionDefinition(Name)]
public sealed class OpenVSwitchCollection : ICollectionFixture<OpenVSwitchFixture>
{
    public const string Name = "Open vSwitch";
}
