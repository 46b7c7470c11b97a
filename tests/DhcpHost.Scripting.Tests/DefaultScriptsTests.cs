using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Policies;

namespace DhcpHost.Scripting.Tests;

/// <summary>The scripts that ship are documentation: they compile, run, and say what the host does without them.</summary>
public class DefaultScriptsTests
{
    private static readonly BuiltInPolicies BuiltIn = new();

    [Fact]
    public async Task All_shipped_scripts_are_in_force_without_a_problem()
    {
        await using var lab = await StartAsync();

        var scripts = lab.Host.Catalog.Scripts;

        Assert.All(scripts, script => Assert.True(script.IsCurrent, string.Join('\n', script.Problems)));
        Assert.All(scripts, script => Assert.NotNull(script.Hash));
        Assert.Equal(["export-networks", "quarantine-report", "report-expiring-leases"], lab.Host.Jobs.Names);
    }

    [Fact]
    public async Task Pool_size_agrees_with_the_built_in_rule()
    {
        await using var lab = await StartAsync();
        for (var pending = 0; pending < 40; pending += 3)
        {
            Assert.Equal(BuiltIn.PoolSize(ScriptLab.Pool(pending)).Value, lab.PoolSize(pending).Value);
            Assert.StartsWith("pool-size.csx@", lab.PoolSize(pending).Origin);
        }
    }

    [Fact]
    public async Task Retry_delay_agrees_with_the_built_in_rule_for_every_attempt_and_jitter()
    {
        await using var lab = await StartAsync();
        foreach (var attempt in Enumerable.Range(1, 12))
        {
            foreach (var random in new[] { 0, 0.25, 0.999 })
            {
                var context = new Abstractions.Policies.RetryDelayContext
                {
                    NetworkId = new("n"),
                    Kind = FailureKind.Transient,
                    Message = "m",
                    Attempt = attempt,
                    Random = random,
                    MinDelay = TimeSpan.FromSeconds(1),
                    MaxDelay = TimeSpan.FromMinutes(5),
                    MaxAttempts = 10,
                };

                Assert.Equal(BuiltIn.RetryDelay(context).Value, lab.Policies.RetryDelay(context).Value);
                Assert.StartsWith("retry-delay.csx@", lab.Policies.RetryDelay(context).Origin);
            }
        }
    }

    [Fact]
    public async Task Admission_drivers_and_options_agree_with_the_built_in_rules()
    {
        await using var lab = await StartAsync();
        var network = new Network { Id = new("n"), ProjectId = "lab" };
        var selection = new Abstractions.Policies.SelectDriverContext
        {
            Network = network,
            Default = new() { Interface = new("bridge"), Dhcp = new("dnsmasq") },
        };
        var options = new Abstractions.Policies.ServerOptionsContext { Network = network, Default = new ServerOptions { LeaseTime = TimeSpan.FromHours(1) } };

        Assert.Equal(BuiltIn.SelectDriver(selection).Value, lab.Policies.SelectDriver(selection).Value);
        Assert.Equal(BuiltIn.ServerOptions(options).Value, lab.Policies.ServerOptions(options).Value);
        Assert.True(lab.Admit().Value.IsAdmitted);
        Assert.StartsWith("admit-network.csx@", lab.Admit().Origin);
    }

    private static async Task<ScriptLab> StartAsync()
    {
        var lab = new ScriptLab();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "scripts"), "*.csx", SearchOption.AllDirectories))
        {
            lab.Write(Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "scripts"), file), await File.ReadAllTextAsync(file, ScriptLab.Cancellation));
        }

        await lab.StartAsync();
        return lab;
    }
}
