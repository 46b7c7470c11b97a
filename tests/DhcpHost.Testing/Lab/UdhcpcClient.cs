using DhcpHost.Linux.Processes;

namespace DhcpHost.Testing.Lab;

/// <summary>BusyBox's DHCPv4 client. It asks every second until it is answered, puts the address on the link, and renews on demand.</summary>
public sealed class UdhcpcClient : DhcpClient
{
    private const string Body = """
        if [ -n "$ip" ]; then
          ip -4 addr flush dev "$interface"
          ip -4 addr add "$ip/${mask:-32}" dev "$interface"
        fi
        """;

    private readonly string[] _arguments;

    /// <summary>A client of a station.</summary>
    /// <param name="lab">Whose threads start it.</param>
    /// <param name="station">Where it runs.</param>
    /// <param name="options">Options to ask for, by name or number (<c>-O</c>), besides BusyBox's own list.</param>
    /// <param name="arguments">More arguments, such as <c>-r 10.0.0.7</c> or <c>-x hostname:h</c>, one string each.</param>
    public UdhcpcClient(LinuxLab lab, LabStation station, IEnumerable<string>? options = null, IEnumerable<string>? arguments = null)
        : base(lab, station, new ClientScript("$1", Body)) =>
        _arguments = [.. (options ?? []).SelectMany(o => new[] { "-O", o }), .. arguments ?? []];

    /// <summary>Renews the lease now and waits for the answer; null if there is none by the deadline.</summary>
    public Task<DhcpEvent?> RenewAsync(CancellationToken cancellationToken, TimeSpan? deadline = null)
    {
        _ = Process!.Signal(ProcessSignal.User1);
        return WaitAsync(e => e.IsBound || e.Reason is "nak", cancellationToken, deadline);
    }

    /// <summary>Releases the lease and waits until the client says so.</summary>
    public Task<DhcpEvent?> ReleaseAsync(CancellationToken cancellationToken)
    {
        _ = Process!.Signal(ProcessSignal.User2);
        return WaitAsync(e => e.Reason is "deconfig", cancellationToken);
    }

    /// <inheritdoc />
    protected override SpawnSpec Command() => new(
        "/usr/sbin/udhcpc",
        ["-f", "-i", Station.Link.Name, "-s", ScriptFile, "-t", "30", "-T", "1", "-A", "1", .. _arguments]);
}
