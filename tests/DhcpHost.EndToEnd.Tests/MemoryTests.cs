using System.Globalization;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>What the host holds when its first sync is through.</summary>
public sealed class MemoryTests : EndToEndTest
{
    private const int ResidentMax = 120 << 20;

    [Fact]
    public async Task A_first_start_gives_back_what_only_it_needed()
    {
        Host.WriteScript("policies/retry-delay", await File.ReadAllTextAsync(Path.Combine(Product.Root, "scripts", "policies", "retry-delay.csx"), Token));
        NetworkId[] ids = [.. Enumerable.Range(0, 20).Select(_ => Host.NewNetworkId())];
        foreach (var id in ids)
        {
            Host.WriteNetwork(id, Host.NetworkToml());
        }

        await Host.StartSyncedAsync(Token);

        await Eventually.TrueAsync(() => Resident(Host.ProcessId) < ResidentMax, HostProcess.Deadline, Token, "the start's memory is given back");
    }

    private static long Resident(int pid) =>
        long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
