using System.Net;
using DhcpHost.Abstractions.Options;
using DhcpHost.Toml.Tests.Options;

namespace DhcpHost.Toml.Tests;

public sealed class TomlBinderTests
{
    private const string Whole = """
        name = "edge"
        loudness = "loud"
        wait = "1m30s"
        keep = "infinite"
        memory = "512KiB"
        address = "192.0.2.7"
        network = "2001:db8::/64"
        tags = ["a", "bc"]
        numbers = [1, 2, 3]
        servers = ["192.0.2.1", "2001:db8::1"]
        limits.workers_max = 200
        ratio = 2
        price = 0.10
        big = -9223372036854775808
        small = 255
        day = 2026-11-22
        flag = true
        letter = "b"
        link = "https://example.org/x"
        json = { a = [1, 2.5, "x"], b.c = true }

        [anything]
        text = "x"
        number = 5
        list = [1, "two"]
        nested.deep = 1.5

        [[rules]]
        file_name = "one"
        loudness = "very-quiet"
        [[rules]]
        file_name = "two"
        order = 2
        loudness = "very_quiet"
        note = "n"

        [named.first]
        file_name = "three"
        loudness = "loud"

        [drivers.dnsmasq]
        path = "/usr/sbin/dnsmasq"
        """;

    [Fact]
    public void Every_kind_of_value_is_bound()
    {
        var host = Bound(Whole);

        Assert.Equal("edge", host.Name);
        Assert.Equal(LoudnessSample.Loud, host.Loudness);
        Assert.Equal(TimeSpan.FromSeconds(90), host.Wait);
        Assert.Equal(Timeout.InfiniteTimeSpan, host.Keep);
        Assert.Equal(new ByteSize(512 << 10), host.Memory);
        Assert.Equal(IPAddress.Parse("192.0.2.7"), host.Address);
        Assert.Equal(IPNetwork.Parse("2001:db8::/64"), host.Network);
        Assert.Equal(["a", "bc"], host.Tags);
        Assert.Equal([1, 2, 3], host.Numbers);
        Assert.Equal(2, host.Servers.Count);
        Assert.Equal(200, host.Limits.WorkersMax);
        Assert.Equal((2.0, 0.10m, long.MinValue, (byte)255), (host.Ratio, host.Price, host.Big, host.Small));
        Assert.Equal(new DateOnly(2026, 11, 22), host.Day);
        Assert.True(host.Flag);
        Assert.Equal("""{"a":[1,2.5,"x"],"b":{"c":true}}""", host.Json.GetRawText());
        Assert.Equal(new Uri("https://example.org/x"), host.Link);
        Assert.Equal(
            [new RuleSample("one") { Loudness = LoudnessSample.VeryQuiet }, new("two", 2) { Loudness = LoudnessSample.VeryQuiet, Note = "n" }],
            host.Rules);
        Assert.Equal("three", host.Named["first"].FileName);
        Assert.Equal(5L, host.Anything["number"]);
        Assert.Equal(new object[] { 1L, "two" }, host.Anything["list"]);
        Assert.Equal(1.5, ((Dictionary<string, object>)host.Anything["nested"])["deep"]);
        Assert.Equal(["path"], host.Drivers["dnsmasq"].Keys);
        Assert.Equal("drivers.dnsmasq", host.Drivers["dnsmasq"].Key);
    }

    [Fact]
    public void What_is_not_written_keeps_its_default()
    {
        var host = Bound("name = \"edge\"");

        Assert.Equal((16, 1), (host.Limits.WorkersMax, host.Limits.WorkersMin));
        Assert.Equal(TimeSpan.FromSeconds(30), host.Wait);
        Assert.Equal([1], host.Numbers);
        Assert.Null(host.Letter);
    }

    [Theory]
    [InlineData("limits.workers_max = 0", "2:22: limits.workers_max: must be between 1 and 256, is 0")]
    [InlineData("limits.workers_min = 0", "2:22: limits.workers_min: must be at least 1, is 0")]
    [InlineData("[limits]\nworkers_min = 20", "3:15: limits.workers_min: must not be above workers_max, 16")]
    [InlineData("limits = { worker_max = 3 }", "2:12: limits.worker_max: unknown key; did you mean `workers_max`?")]
    [InlineData("[limit]\nx = 1", "2:2: limit: unknown table; did you mean `limits`?")]
    [InlineData("limits.x = 3", "2:8: limits.x: unknown key; known here: workers_max, workers_min")]
    [InlineData("limits.workers = 3", "2:8: limits.workers: this key is no more; say workers_max")]
    [InlineData("limits = 3", "2:10: limits: must be a table, is the integer 3")]
    [InlineData("loudness = \"shout\"", "2:12: loudness: must be \"very_quiet\" or \"loud\", is the string \"shout\"")]
    [InlineData("loudness = 1", "2:12: loudness: must be \"very_quiet\" or \"loud\", is the integer 1")]
    [InlineData("wait = 30", "2:8: wait: must be a duration such as \"30s\", \"250ms\", \"5m\", \"2h\" or \"1d\", is the integer 30; add the unit: \"30s\"")]
    [InlineData("wait = \"infinite\"", "2:8: wait: must be a duration such as \"30s\", \"250ms\", \"5m\", \"2h\" or \"1d\", is the string \"infinite\"")]
    [InlineData("wait = \"2h\"", "2:8: wait: must be between \"1s\" and \"1h\", is \"2h\"")]
    [InlineData("memory = 65536", "2:10: memory: must be a size in bytes with its unit, is the integer 65536; add the unit: \"65536B\"")]
    [InlineData("memory = \"big\"", "2:10: memory: 'big' is not a size in bytes such as \"64MiB\", \"512KiB\" or \"1GB\"")]
    [InlineData("address = \"10\"", "2:11: address: must be an IP address such as \"192.0.2.1\" or \"2001:db8::1\", is the string \"10\"")]
    [InlineData("address = \"010.0.0.1\"", "2:11: address: must be an IP address such as \"192.0.2.1\" or \"2001:db8::1\", is the string \"010.0.0.1\"")]
    [InlineData("network = \"10.0.0.1/24\"", "2:11: network: must be a network without host bits, is the string \"10.0.0.1/24\"; write \"10.0.0.0/24\"")]
    [InlineData("tags = \"a\"", "2:8: tags: must be an array, is the string \"a\"; write [\"a\"]")]
    [InlineData("tags = [\"a\", \"B\"]", "2:14: tags[1]: must match [a-z]+, is \"B\"")]
    [InlineData("tags = [\"a\", 1]", "2:14: tags[1]: must be a string, is the integer 1; write \"1\"")]
    [InlineData("numbers = []", "2:11: numbers: must have at least 1 items, has 0")]
    [InlineData("numbers = [1, 3000000000]", "2:15: numbers[1]: must be an integer between -2147483648 and 2147483647, is the integer 3000000000")]
    [InlineData("small = -1", "2:9: small: must be an integer between 0 and 255, is the integer -1")]
    [InlineData("flag = \"true\"", "2:8: flag: must be true or false, is the string \"true\"; remove the quotes")]
    [InlineData("ratio = \"1\"", "2:9: ratio: must be a number, is the string \"1\"; remove the quotes")]
    [InlineData("big = 1.0", "2:7: big: must be an integer, is the number 1.0")]
    [InlineData("letter = \"c\"", "2:10: letter: must be \"a\", \"b\" or nothing, is \"c\"")]
    [InlineData("link = \"nowhere\"", "2:8: link: must be an absolute URI such as \"https://example.org/\", is the string \"nowhere\"")]
    [InlineData("[[rules]]\nloudness = \"loud\"", "2:1: rules[0].file_name: is required, but missing")]
    [InlineData("[[rules]]\nfile_name = \"x\"", "2:1: rules[0].loudness: is required, but missing")]
    [InlineData("[rules]\nfile_name = \"x\"", "2:1: rules: must be an array, is a table; write [[rules]]")]
    [InlineData("[drivers]\ndnsmasq = 1", "3:11: drivers.dnsmasq: must be a table, is the integer 1")]
    [InlineData("[named.\"a b\"]\nfile_name = 1\nloudness = \"loud\"", "3:13: named.\"a b\".file_name: must be a string, is the integer 1; write \"1\"")]
    public void A_wrong_value_is_reported_at_its_place(string text, string expected)
    {
        var result = Bind($"name = \"edge\"\n{text}\n");

        Assert.Null(result.Value);
        Assert.Equal($"host.toml:{expected}", Assert.Single(result.Errors).ToString());
    }

    [Fact]
    public void All_errors_are_reported_in_the_order_of_the_file()
    {
        var result = Bind("wait = 5\nlaudness = \"loud\"\n[limits]\nworkers_max = 1000\nworkers_min = \"x\"\n[[rules]]\n");

        Assert.Equal(
            ["name", "wait", "laudness", "limits.workers_max", "limits.workers_min", "rules[0].file_name", "rules[0].loudness"],
            result.Errors.Select(error => error.Key));
        Assert.Equal([1, 1, 2, 4, 5, 6, 6], result.Errors.Select(error => error.Line));
    }

    [Theory]
    [InlineData("[limits]\nworkers_max = 4\nworkers_min = 20\nx = 1", "4:15: limits.workers_min: must not be above workers_max, 4")]
    [InlineData("[pair]\nkey = 'k'\nwait = 5", "3:7: pair.key: goes with a certificate")]
    [InlineData("[pair]\nkey = 'k'\nwiat = '5s'", "3:7: pair.key: goes with a certificate")]
    [InlineData("[pair]\nwait = 5\ntotal = 3", "4:9: pair.total: is too much")]
    public void A_key_that_is_wrong_hides_no_error_between_others(string text, string expected)
    {
        var errors = Bind($"name = \"edge\"\n{text}\n").Errors.Select(error => error.ToString()).ToList();

        Assert.Equal(2, errors.Count);
        Assert.Contains($"host.toml:{expected}", errors);
    }

    [Theory]
    [InlineData("limits.workers_max = 'many'\nlimits.workers_min = 20")]
    [InlineData("limits.worker_max = 30\nlimits.workers_min = 20")]
    [InlineData("[pair]\ncertificate = 7\nkey = 'k'")]
    [InlineData("[pair]\ncertifcate = 'c'\nkey = 'k'")]
    [InlineData("[pair]\ncertificate = 'c'\nkey = 7")]
    [InlineData("[pair]\nfirst = 'x'\ntotal = 3")]
    [InlineData("[pair]\nfails_without_it = 1\nuses_it = true")]
    [InlineData("[pair]\nnested.deep = 1\nneeds_nested = true")]
    public void Nothing_is_told_that_only_follows_from_a_key_that_is_wrong(string text) => Assert.Single(Bind($"name = \"edge\"\n{text}\n").Errors);

    [Fact]
    public void Control_characters_in_a_message_are_escaped()
    {
        var error = Assert.Single(Bind("name = \"edge\"\nwait = \"\\u001b[31mred\\n\"\n").Errors);

        Assert.Contains("\"\\u001b[31mred\\u000a\"", error.ToString(), StringComparison.Ordinal);
    }

    private static TomlBindResult<HostSample> Bind(string text)
    {
        var parsed = TomlDocument.Parse(text, "host.toml");
        Assert.Empty(parsed.Errors);
        return TomlBinder.Bind<HostSample>(parsed.Document!.Root);
    }

    private static HostSample Bound(string text)
    {
        var result = Bind(text);
        Assert.Empty(result.Errors);
        return result.Value!;
    }
}
