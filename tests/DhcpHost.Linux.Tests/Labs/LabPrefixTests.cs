using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Labs;

/// <summary>A lab that ends deletes what begins with its prefix: nothing of another lab may.</summary>
public sealed class LabPrefixTests
{
    private const int LastProcess = 4_194_304;

    [Fact]
    public void No_labs_prefix_begins_with_another_ones()
    {
        int[] processes = [1, 0x7e, 0x7ed, 0x7edb, 0x7edb1, 36, 36 * 36, 36 * 36 * 36, LastProcess];
        var prefixes = processes.SelectMany(process => Enumerable.Range(1, 500).Select(lab => LabPrefix.Of(process, lab)))
            .Order(StringComparer.Ordinal)
            .ToList();

        // In order, what begins with a text comes right after it.
        Assert.All(prefixes.Zip(prefixes.Skip(1)), pair => Assert.False(pair.Second.StartsWith(pair.First, StringComparison.Ordinal), $"{pair}"));
    }

    [Fact]
    public void A_number_that_does_not_fit_is_refused_rather_than_cut()
    {
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => LabPrefix.Of(LastProcess, 36 * 36));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => LabPrefix.Of(36 * 36 * 36 * 36 * 36, 1));
    }
}
