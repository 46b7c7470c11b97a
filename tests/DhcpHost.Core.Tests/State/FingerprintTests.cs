using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Tests.State;

public sealed class FingerprintTests
{
    private static readonly Network Sample = new() { Id = new("net"), Mtu = 1450, RevisionNumber = 7 };

    [Fact]
    public void It_differs_where_networks_differ() => Assert.NotEqual(Fingerprint.Of(Sample), Fingerprint.Of(Sample with { Mtu = 1400 }));

    [Fact]
    public void It_is_the_same_whatever_the_sources_count_of_changes_is() =>
        Assert.Equal(Fingerprint.Of(Sample), Fingerprint.Of(Sample with { RevisionNumber = 8 }));
}
