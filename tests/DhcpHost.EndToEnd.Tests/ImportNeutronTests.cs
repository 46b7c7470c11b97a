using System.Diagnostics;
using System.Text;
using DhcpHost.Neutron.Settings;

namespace DhcpHost.EndToEnd.Tests;

/// <summary><c>dhcphost import-neutron</c>, as it is delivered, and what <c>dhcphost check</c> says of its work.</summary>
public sealed class ImportNeutronTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-import-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Every_option_that_is_carried_over_becomes_a_key_that_this_host_has()
    {
        // Every option of Neutron with its own default: whatever key the catalogue names is written, and has to be one of a plugin or of the host.
        var text = new StringBuilder();
        foreach (var group in NeutronOptions.All.Where(option => option.Fate == OptionFate.Mapped).GroupBy(option => option.Group))
        {
            _ = text.Append('[').Append(group.Key).Append("]\n");
            foreach (var option in group)
            {
                var value = Values.GetValueOrDefault(option.Name, option.Default);
                _ = value.Length > 0 ? text.Append(option.Name).Append(" = ").Append(value).Append('\n') : text;
            }
        }

        var config = Path.Combine(_directory.FullName, "neutron.conf");
        var output = Path.Combine(_directory.FullName, "host.toml");
        await File.WriteAllTextAsync(config, text.ToString(), TestContext.Current.CancellationToken);

        var import = await RunAsync("import-neutron", "--config-file", config, "--output", output);
        Assert.True(import.ExitCode == 0, import.Error);
        var check = await RunAsync("check", "--config", output);

        // Neither a broker nor a database is there: that is no fault of the file. A plugin that this tree has not built has no table either.
        var faults = check.Output.Split('\n').Where(line => line.Contains("host.toml:", StringComparison.Ordinal) && !IsOfNoPlugin(line));
        Assert.Empty(faults);
    }

    /// <summary>Values of options that have no default, or that are written only beside another.</summary>
    private static IReadOnlyDictionary<string, string> Values { get; } = new Dictionary<string, string>
    {
        ["transport_url"] = "rabbit://guest:guest@127.0.0.1:1/",
        ["num_sync_threads"] = "8",
        ["dhcp_renewal_time"] = "300",
        ["dhcp_rebinding_time"] = "500",
        ["dnsmasq_dns_servers"] = "1.1.1.1",
        ["dnsmasq_txt_record"] = "probe,yes",
        ["enable_isolated_metadata"] = "True",
        ["enable_metadata_network"] = "True",
        ["metadata_proxy_user"] = "nobody",
        ["metadata_proxy_group"] = "nogroup",
        ["metadata_proxy_shared_secret"] = "not so secret",
        ["rpc_response_timeout"] = "700",
        ["ssl_version"] = "TLSv1_2",
        ["hostname"] = "node-7",
        ["processname"] = "dhcphost",
        ["interface_driver"] = "linuxbridge",
    };

    private static bool IsOfNoPlugin(string line) =>
        line.Contains("there is no ", StringComparison.Ordinal) && line.Split('\'') is [_, var id, ..] && !Directory.Exists(Path.Combine(Product.Plugins, id));

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(Product.Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
