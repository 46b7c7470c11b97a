using DhcpHost.Testing;
using DhcpHost.Toml.Tests.Options;

namespace DhcpHost.Toml.Tests;

public sealed class TomlFuzzTests
{
    private const string Sample = """
        # The host.
        name = "edge"
        loudness = "loud"   # how loud
        wait = "1m30s"
        keep = "infinite"
        memory = "512KiB"
        address = '192.0.2.7'
        network = "2001:db8::/64"
        tags = [
          "a",
          "bc", # two
        ]
        numbers = [1, 0x10, 1_000]
        servers = ["192.0.2.1", "2001:db8::1"]
        limits.workers_max = 200
        ratio = 1.5e3
        day = 2026-11-22
        flag = true
        json = { a = [1, 2.5, "x\u00e9"], b.c = true }

        [anything]
        text = '''
        several
        lines'''
        other = \"\"\"
        a \
           b\"\"\"
        nested.deep = inf

        [[rules]]
        file_name = "one"
        loudness = "very-quiet"
        [[rules]]
        file_name = "two"
        order = 2
        loudness = "very_quiet"

        [named."first one"]
        file_name = "three"
        loudness = "loud"

        [drivers.dnsmasq]
        path = "/usr/sbin/dnsmasq"
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_thousand_mutated_documents_bind_or_give_errors_inside_the_file(int seed)
    {
        var mutator = new TextMutator(seed);
        var bound = 0;
        var failed = 0;
        for (var i = 0; i < 1000; i++)
        {
            var text = mutator.Mutate(Sample.Replace("\\\"", "\"", StringComparison.Ordinal));
            var parsed = TomlDocument.Parse(text, "host.toml");
            Places.AssertInside(parsed, text);
            if (!parsed.Succeeded)
            {
                failed++;
                continue;
            }

            var result = TomlBinder.Bind<HostSample>(parsed.Document.Root);
            Assert.Equal(result.Errors.IsEmpty, result.Succeeded);
            Places.AssertInside(result.Errors, text);
            bound++;
        }

        // Both halves of the reader were reached.
        Assert.InRange(bound, 50, 950);
        Assert.InRange(failed, 50, 950);
    }

    [Fact]
    public void The_sample_itself_is_without_error()
    {
        var parsed = TomlDocument.Parse(Sample.Replace("\\\"", "\"", StringComparison.Ordinal), "host.toml");

        Assert.Empty(parsed.Errors);
        Assert.Empty(TomlBinder.Bind<HostSample>(parsed.Document!.Root).Errors);
    }
}
