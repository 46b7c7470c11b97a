using System.Net;
using System.Net.Sockets;

namespace DhcpHost.Linux.Namespaces;

/// <summary>
/// The runtime's own threads (pool, timer, socket engine) are started at first use, in the namespace of the thread that uses them first.
/// </summary>
public static class RuntimeThreads
{
    private static readonly string[] Watched = [".NET TP", ".NET Timer", ".NET Sockets", ".NET SigHandler", ".NET Long Runni"];

    /// <summary>Starts them from the calling thread, so that none can be born in a foreign namespace later.</summary>
    internal static void StartInThisNamespace()
    {
        _ = ThreadPool.UnsafeQueueUserWorkItem(static _ => { }, null);
        using (new Timer(static _ => { }, null, Timeout.Infinite, Timeout.Infinite))
        {
        }
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var arguments = new SocketAsyncEventArgs();
        arguments.SetBuffer(new byte[1], 0, 1);
        _ = socket.ReceiveAsync(arguments);
    }

    /// <summary>
    /// The runtime's threads that sit in another network namespace than <paramref name="root"/>: always none, or work ran where it must not.
    /// </summary>
    public static IReadOnlyList<string> FindForeign(NetworkNamespaceId root)
    {
        var foreign = new List<string>();
        foreach (var task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            try
            {
                var name = File.ReadAllText($"{task}/comm").TrimEnd('\n');
                if (!Array.Exists(Watched, w => name.StartsWith(w, StringComparison.Ordinal)))
                {
                    continue;
                }
                using var ns = NetworkNamespace.Open($"{task}/ns/net", name);
                if (ns.Id != root)
                {
                    foreign.Add($"{name} ({Path.GetFileName(task)}) in {ns.Id}");
                }
            }
            catch (Exception e) when (e is IOException or Interop.LinuxException { IsGone: true })
            {
                // The thread has ended meanwhile.
            }
        }
        return foreign;
    }
}
