using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DhcpHost.EndToEnd.Tests;

/// <summary><c>dhcphost render</c>, as it is delivered, against what Neutron's own driver wrote.</summary>
public sealed class RenderTests
{
    private static readonly string[] Fields = ["argv", "host", "addn_hosts", "opts", "leases", "should_enable_metadata"];

    private static string Vectors => Path.Combine(Product.Root, "tests", "DhcpHost.Plugin.Dnsmasq.Tests", "Configuration", "neutron-vectors.jsonl");

    [Fact]
    public async Task A_hundred_networks_in_one_run_are_those_of_Neutrons_driver()
    {
        var (exitCode, output, error) = await RunAsync(null, "render", "--driver", "dnsmasq", "--jsonl", Vectors);

        Assert.Equal((0, ""), (exitCode, error));
        var vectors = (await File.ReadAllLinesAsync(Vectors, TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!).ToList();
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(vectors.Count, lines.Length);
        var refused = 0;
        for (var i = 0; i < vectors.Count; i++)
        {
            var (expected, actual) = (vectors[i]["expected"]!, JsonNode.Parse(lines[i])!);
            var hasLineBreak = actual["error"] is not null;
            foreach (var field in Fields.Where(field => !hasLineBreak || field != "opts"))
            {
                Assert.True(JsonNode.DeepEquals(expected[field], actual[field]), $"vector {i}, {field}:\n{expected[field]}\n{actual[field]}");
            }

            if (hasLineBreak)
            {
                // Neutron's driver cuts such an option short. Here it is left out, and nothing else is: no line is there that Neutron does not have.
                refused++;
                var served = actual["opts"]!.GetValue<string>().Split('\n', StringSplitOptions.RemoveEmptyEntries);
                Assert.Empty(served.Except(expected["opts"]!.GetValue<string>().Split('\n')));
                var broken = vectors[i]["network"]!["ports"]!.AsArray().SelectMany(port => port!["extra_dhcp_opts"]?.AsArray() ?? []).Count(HasLineBreak);
                Assert.InRange(actual["refusals"]!.AsArray().Count, 1, broken);
            }
            else
            {
                Assert.Null(actual["refusals"]);
            }
        }

        Assert.InRange(refused, 1, 99);
    }

    [Fact]
    public async Task A_bad_line_gets_an_error_and_the_rest_goes_on()
    {
        const string Good = """{"network": {"id": "n1", "subnets": [{"id": "s1", "cidr": "10.0.0.0/24"}]}, "conf": {"dns_domain": ""}}""";
        var (exitCode, output, _) = await RunAsync(
            $$$"""
            {{{Good}}}
            this is no JSON
            {"network": {"id": "n1"}, "conf": {"dhcp_lease_duration": "soon"}}
            {"network": {"id": "../n1"}}

            {{{Good}}}
            """,
            "render", "--jsonl");

        var lines = output.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(1, exitCode);
        Assert.Equal(5, lines.Count);
        Assert.Contains("no JSON", lines[1]["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("conf.dhcp_lease_duration: 'soon' is no whole number", lines[2]["error"]!.GetValue<string>());
        Assert.Equal("network.id: '../n1' is not a network id", lines[3]["error"]!.GetValue<string>());
        Assert.All([1, 2, 3], i => Assert.Null(lines[i]["argv"]));
        Assert.True(JsonNode.DeepEquals(lines[0], lines[4]));
        Assert.Contains(
            "--dhcp-range=set:subnet-s1,10.0.0.0,static,255.255.255.0,86400s", lines[0]["argv"]!.AsArray().Select(argument => argument!.GetValue<string>()));
    }

    [Fact]
    public async Task A_metadata_network_with_a_port_of_OVN_needs_no_proxy()
    {
        const string Ports = """[{"id": "p1", "mac_address": "fa:16:3e:00:00:01", "device_owner": "network:distributed", "device_id": "ovnmeta-n1", "fixed_ips": []}]""";
        static string Line(string ports) =>
            $$$"""{"network": {"id": "n1", "subnets": [{"id": "s1", "cidr": "169.254.169.240/28"}], "ports": {{{ports}}}}, "conf": {"enable_isolated_metadata": true, "enable_metadata_network": true}}""";
        var (_, output, _) = await RunAsync($"{Line(Ports)}\n{Line("[]")}\n", "render", "--jsonl");

        Assert.Equal([false, true], output.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!["should_enable_metadata"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task An_option_may_be_named_by_a_number_that_is_no_text()
    {
        const string Port = """{"id": "p1", "mac_address": "fa:16:3e:00:00:01", "fixed_ips": [{"subnet_id": "s1", "ip_address": "10.0.0.7"}], "extra_dhcp_opts": [{"opt_name": 61, "opt_value": "c"}, {"opt_name": 150, "opt_value": "10.0.0.9"}]}""";
        var (_, output, _) = await RunAsync(
            $$$"""{"network": {"id": "n1", "subnets": [{"id": "s1", "cidr": "10.0.0.0/24"}], "ports": [{{{Port}}}]}}""", "render", "--jsonl");

        var answer = JsonNode.Parse(output)!;
        Assert.Null(answer["error"]);
        Assert.Contains("tag:port-p1,150,10.0.0.9", answer["opts"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("fa:16:3e:00:00:01,id:c,", answer["host"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_port_is_told_and_the_rest_of_its_network_is_rendered()
    {
        var (exitCode, output, _) = await RunAsync(
            """
            {"id": "n1", "subnets": [{"id": "s1", "cidr": "10.0.0.0/24"}],
             "ports": [{"id": "p1", "mac_address": "fa:16:3e:00:00:01", "fixed_ips": [{"subnet_id": "s1", "ip_address": "10.0.0.5"}]},
                       {"id": "p2", "mac_address": 17}]}
            """,
            "render", "-");

        var rendered = JsonNode.Parse(output)!;
        Assert.Equal(0, exitCode);
        Assert.Equal("fa:16:3e:00:00:01,host-10-0-0-5.openstacklocal,10.0.0.5\n", rendered["host"]!.GetValue<string>());
        Assert.StartsWith("ports[1].mac_address: a string is expected here", rendered["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_cannot_render_is_a_matter_of_configuration()
    {
        var (exitCode, output, error) = await RunAsync("", "render", "--driver", "bridge", "--jsonl");

        Assert.Equal((78, ""), (exitCode, output));
        Assert.Contains("does not say what it would write", error, StringComparison.Ordinal);
    }

    private static bool HasLineBreak(JsonNode? option) =>
        (option!["opt_name"]!.GetValue<string>() + option["opt_value"]?.GetValue<string>()).Contains('\n', StringComparison.Ordinal);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string? input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Product.Executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
