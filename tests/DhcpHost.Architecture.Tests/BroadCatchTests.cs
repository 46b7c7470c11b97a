using System.Text.RegularExpressions;

namespace DhcpHost.Architecture.Tests;

/// <summary>
/// docs/architecture.md, invariant 8: no catch-all that hides. A broad catch is a boundary, and each file that has one is here with its reason.
/// </summary>
public sealed partial class BroadCatchTests
{
    private static readonly Dictionary<string, string> Boundaries = new(StringComparer.Ordinal)
    {
        ["plugins/DhcpHost.Plugin.Files/FilesNetworkSource.Watch.cs"] = "the loop of a source: it shows bad health and begins again",
        ["plugins/DhcpHost.Plugin.InProcess/Server/NetworkServer.cs"] = "a datagram from anybody: it is dropped and told, the servers go on",
        ["plugins/DhcpHost.Plugin.Neutron/NeutronNetworkSource.Listen.cs"] = "messages of other programs: one that nobody expected keeps no "
            + "other from being read",
        ["plugins/DhcpHost.Plugin.Neutron/Messaging/Broker/BrokerLink.cs"] = "the loop of a connection: whatever ends one, another is made",
        ["src/DhcpHost/Cli/CommandLine.cs"] = "the end of a command: the operator gets the trace and a code of its own",
        ["src/DhcpHost/Hosting/HostProcess.cs"] = "the end of the process: what began is stopped in order",
        ["src/DhcpHost/Hosting/HostStages.cs"] = "the stop: what fails keeps no other part from stopping",
        ["src/DhcpHost/Hosting/StartRehearsal.cs"] = "work that is done for nothing: what fails there fails again where it counts",
        ["src/DhcpHost.Core/Engine/DhcpEngine.Operate.cs"] = "plugins, in a job over all networks",
        ["src/DhcpHost.Core/Engine/DhcpEngine.Start.cs"] = "plugins that are asked what they run; the engine's loops, which begin again",
        ["src/DhcpHost.Core/Engine/DhcpEngine.StopServers.cs"] = "plugins that end what they run: one network's trouble is not the others'",
        ["src/DhcpHost.Core/Engine/DhcpEngine.Supervise.cs"] = "sources that are told how the host is",
        ["src/DhcpHost.Core/Engine/DhcpEngine.Work.cs"] = "plugins and policies, in one network's reconcile; the worker, which lives on",
        ["src/DhcpHost.Core/Reconciling/ReadyReporter.cs"] = "sources that are told of ready ports",
        ["src/DhcpHost.Core/Sources/SourceWatcher.cs"] = "sources that are read and followed",
        ["src/DhcpHost.Core/State/StateStore.Writer.cs"] = "the only writer of the state file, for which everybody waits",
        ["src/DhcpHost.Http/Requests/RequestScope.cs"] = "a request: behind it are drivers and scripts",
        ["src/DhcpHost.Linux/Datagrams/DatagramLoop.cs"] = "work and timers of others on the loop's thread: the exception is the caller's, "
            + "or told, and the loop goes on",
        ["src/DhcpHost.Linux/Namespaces/NetnsWork.cs"] = "a thread of its own: the exception is the caller's, and is thrown there",
        ["src/DhcpHost.Plugins/Loading/BoundedCall.cs"] = "a call of a plugin on a thread of its own: the exception is what the caller awaits",
        ["src/DhcpHost.Plugins/PluginHost.cs"] = "the loop that looks at the folders, which goes on",
        ["src/DhcpHost.Plugins/PluginRenderer.cs"] = "a plugin that says what it would write, for one network of many",
        ["src/DhcpHost.Plugins/Registry/DriverWatch.cs"] = "a driver's health: a watch that fails makes it unhealthy",
        ["src/DhcpHost.Plugins/Supervision/PluginCheck.cs"] = "a plugin that is tried: what it throws is what the check found",
        ["src/DhcpHost.Plugins/Supervision/PluginSupervisor.Swap.cs"] = "a new driver that takes over what runs",
        ["src/DhcpHost.Plugins/Supervision/PluginVersion.cs"] = "a plugin's start and end",
        ["src/DhcpHost.Scheduling/Running/JobAction.cs"] = "a job: what it throws is its outcome",
        ["src/DhcpHost.Scripting/Execution/ScriptThread.cs"] = "a thread of its own: the exception is the caller's",
        ["src/DhcpHost.Scripting/Jobs/JobRun.cs"] = "a job script",
        ["src/DhcpHost.Scripting/Policies/ScriptedPolicy.cs"] = "a policy script",
        ["src/DhcpHost.Scripting/ScriptHost.cs"] = "the loop that looks at the scripts, which goes on",
        ["src/DhcpHost.Toml/Binding/TableBinding.UserCode.cs"] = "validation code of an options type, which may be a plugin's",
    };

    [Fact]
    public void A_broad_catch_stands_only_at_a_boundary_with_a_reason()
    {
        var found = Repository.Files("*.cs", "src", "plugins").Where(path => BroadCatch().IsMatch(File.ReadAllText(path))).Select(Repository.Name);
        Assert.Equal(Boundaries.Keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_catch_without_a_type_throws_on()
    {
        foreach (var path in Repository.Files("*.cs", "src", "plugins"))
        {
            foreach (Match match in BareCatch().Matches(File.ReadAllText(path)))
            {
                Assert.True(match.Value.Contains("throw;", StringComparison.Ordinal), $"{Repository.Name(path)} swallows everything:\n{match.Value}");
            }
        }
    }

    [Theory]
    [InlineData("catch (Exception)", true)]
    [InlineData("catch (Exception e) when (!stopping)", true)]
    [InlineData("catch (Exception e) when (e is not OutOfMemoryException)", true)]
    [InlineData("catch (System.Exception e)", true)]
    [InlineData("catch (Exception e) when (e is IOException or JsonException)", false)]
    [InlineData("catch (IOException)", false)]
    public void What_is_a_broad_catch(string text, bool isBroad) => Assert.Equal(isBroad, BroadCatch().IsMatch(text));

    // A filter that lists the types it takes is as good as so many catches.
    [GeneratedRegex(@"catch \((?:System\.)?Exception(?: \w+)?\)(?!\s+when \(\w+ is (?!not\b))")]
    private static partial Regex BroadCatch();

    // Up to the brace that closes the block at the indentation of the catch.
    [GeneratedRegex(@"^( *)catch\s*\{.*?^\1\}", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BareCatch();
}
