using DhcpHost.Plugins.Manifests;

namespace DhcpHost.Plugins.Tests;

/// <summary>Which hosts a plugin's manifest lets load it.</summary>
public sealed class ContractRangeTests
{
    [Theory]
    [InlineData("1.2", "1.2", true)]
    [InlineData("1.2", "1.9", true)]
    [InlineData("1.2", "1.1", false)]
    [InlineData("1.2", "2.2", false)]
    [InlineData("1.2..1.4", "1.4", true)]
    [InlineData("1.2..1.4", "1.5", false)]
    public void Includes_HostsContract(string range, string contract, bool isIncluded) =>
        Assert.Equal(isIncluded, ContractRange.Parse(range, null).Includes(new Version(contract)));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.4..1.2")]
    [InlineData("1.2..2.0")]
    [InlineData("1.2..1.3..1.4")]
    [InlineData("01.2")]
    public void Parse_AnythingElse_IsRefused(string text) => Assert.Throws<FormatException>(() => ContractRange.Parse(text, null));
}
