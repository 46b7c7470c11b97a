using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.Kea.Configuration;

namespace DhcpHost.Plugin.Kea.Server;

/// <summary>The servers that are known to run, of both families.</summary>
internal sealed class ServerTables(ProcessWatcher watcher, Action<KeaFamily, RunningServer, ProcessExit> onExited) : IDisposable
{
    private readonly ServerTable _v4 = new(watcher, (server, exit) => onExited(KeaFamily.V4, server, exit));
    private readonly ServerTable _v6 = new(watcher, (server, exit) => onExited(KeaFamily.V6, server, exit));

    public ServerTable Of(KeaFamily family) => family == KeaFamily.V4 ? _v4 : _v6;

    public void Dispose()
    {
        _v4.Dispose();
        _v6.Dispose();
    }
}
