using static DhcpHost.Dhcp.V4.Dhcpv4MessageType;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>A message of a client that has its lease costs no memory.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void A_renewal_and_a_discover_of_a_known_client_allocate_nothing()
    {
        const int rounds = 1000;
        using var desk = new V4Desk();
        var address = desk.Lease(9).YiAddr;
        byte[][] packets = [
            new V4Question(Request, 9) { CiAddr = address, ParameterRequest = [1, 3, 6, 15, 121] }.Build(), new V4Question(Discover, 9).Build()];
        var buffer = new byte[4096];
        void Run()
        {
            for (var i = 0; i < rounds; i++)
            {
                foreach (var packet in packets)
                {
                    Assert.True(desk.Responder.Respond(desk.Model, packet, 0, uint.MaxValue, buffer).Length > 0);
                }

                _ = desk.Store.Commit(isDurable: false);
            }
        }

        // Buffers grow and code is compiled first.
        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(rounds * packets.Length);

        Assert.InRange(each, 0, 1);
    }
}
