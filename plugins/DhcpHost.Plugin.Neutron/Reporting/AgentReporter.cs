using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Caching;
using DhcpHost.Plugin.Neutron.Server;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron.Reporting;

/// <summary>
/// Keeps this agent alive in Neutron's eyes: reports its state at once, and then at every interval. Without that no network is given to it
/// (neutron, <c>agent/dhcp/agent.py</c>, <c>DhcpAgentWithStateReport</c>).
/// </summary>
internal sealed partial class AgentReporter : IAsyncDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private readonly NeutronServer _server;
    private readonly NetworkCache _cache;
    private readonly NeutronOptions _options;
    private readonly string _host;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Action<string, bool> _answered;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HostStatusReport? _status;
    private Task _running = Task.CompletedTask;

    /// <summary>Makes a reporter.</summary>
    /// <param name="server">Neutron's server.</param>
    /// <param name="cache">What is counted in the reports.</param>
    /// <param name="options">The options.</param>
    /// <param name="host">This host.</param>
    /// <param name="answered">Called with what the server made of a report, or with the failure, and whether it took it.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="logger">Logs.</param>
    public AgentReporter(
        NeutronServer server, NetworkCache cache, NeutronOptions options, string host, Action<string, bool> answered, TimeProvider timeProvider,
        ILogger logger) =>
        (_server, _cache, _options, _host, _answered, _timeProvider, _logger) = (server, cache, options, host, answered, timeProvider, logger);

    /// <summary>Completes when Neutron took a report for the first time.</summary>
    public Task Accepted => _accepted.Task;

    public void Start() => _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);

    /// <summary>Reports now: the broker is there.</summary>
    public void Wake()
    {
        lock (_wake)
        {
            if (_wake.CurrentCount == 0)
            {
                _wake.Release();
            }
        }
    }

    /// <summary>Takes in what the next reports say of the host.</summary>
    public void Update(HostStatusReport status) => Volatile.Write(ref _status, status);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _accepted.TrySetCanceled();
        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        try
        {
            // Nothing is to be reported before a broker is there.
            await _wake.WaitAsync(cancellationToken);
            while (true)
            {
                var isTaken = await ReportAsync(cancellationToken);
                var wait = isTaken ? _options.ReportInterval : delay;
                delay = isTaken || delay * 2 > _options.ReportInterval ? FirstDelay : delay * 2;
                await SleepAsync(wait, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogStopped();
        }
    }

    private async Task<bool> ReportAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _server.ReportStateAsync(MakeState(), _timeProvider.GetUtcNow(), _options.ReportInterval, cancellationToken);
            _accepted.TrySetResult();
            _answered(answer ?? "taken", true);
            return true;
        }
        catch (DhcpHostException exception)
        {
            LogFailed(exception.Message);
            _answered(exception.Message, false);
            return false;
        }
    }

    /// <summary>Waits, but not on after a wake.</summary>
    private async Task SleepAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wake = _wake.WaitAsync(end.Token);
        await Task.WhenAny(wake, Task.Delay(time, _timeProvider, end.Token));
        await end.CancelAsync();
        await wake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private JsonObject MakeState()
    {
        var (networks, subnets, ports) = _cache.Count();
        var driver = Volatile.Read(ref _status)?.DhcpDriver?.Value ?? "dnsmasq";
        var state = new JsonObject
        {
            ["binary"] = "neutron-dhcp-agent",
            ["host"] = _host,
            ["availability_zone"] = _options.AvailabilityZone,
            ["topic"] = "dhcp_agent",
            ["agent_type"] = "DHCP agent",
            ["uuid"] = Guid.NewGuid().ToString(),
            ["configurations"] = new JsonObject
            {
                // Tools look for the name that Neutron's own agent has for it.
                ["dhcp_driver"] = driver == "dnsmasq" ? "neutron.agent.linux.dhcp.Dnsmasq" : driver,
                ["dhcp_lease_duration"] = _options.DhcpLeaseDuration,
                ["log_agent_heartbeats"] = _options.LogAgentHeartbeats,
                ["networks"] = networks,
                ["subnets"] = subnets,
                ["ports"] = ports,
            },
        };
        if (!_accepted.Task.IsCompletedSuccessfully)
        {
            state["start_flag"] = true;
        }

        return state;
    }

    [LoggerMessage(2254, LogLevel.Warning, "This agent's state was not reported to Neutron: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(2255, LogLevel.Debug, "This agent's state is reported no more: the host stops")]
    private partial void LogStopped();
}
