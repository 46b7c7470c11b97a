using System.Buffers.Binary;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Dhcp.V4;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.V4;
using DhcpHost.Serving;

namespace DhcpHost.Fuzz;

/// <summary>DHCPv4's codec and responder, and what must hold of every answer.</summary>
internal sealed class V4Target
{
    private const int MaxReply = 1500 + 300;

    private readonly byte[] _reply = new byte[4032];
    private readonly byte[] _workspace = new byte[Dhcpv4Reader.WorkspaceSize];
    private readonly byte[] _replyWorkspace = new byte[Dhcpv4Reader.WorkspaceSize];
    private readonly Dhcpv4Responder _responder;
    private readonly Dhcpv4Model _model;

    public V4Target(DhcpPlan plan, LeaseTable leases, Func<long> clock)
    {
        _model = new Dhcpv4ModelBuilder(plan, new SubnetSet(plan.Network), new RefusalList()).Build()!;
        _responder = new(leases, clock, new() { AllowsRapidCommit = true });
    }

    /// <summary>Hands a message over; true where it was answered.</summary>
    public bool Try(ReadOnlySpan<byte> message)
    {
        var reply = _responder.Respond(_model, message, 0, uint.MaxValue, _reply);
        var isMessage = Dhcpv4Reader.TryRead(message, _workspace, out var request);
        if (reply.Path == Dhcpv4Path.None)
        {
            return false;
        }

        Check(isMessage, "what is no message was answered");
        Check(request.Op == 1, "a reply was answered");
        Check(request.MessageType is Dhcpv4MessageType.Discover or Dhcpv4MessageType.Request or Dhcpv4MessageType.Inform, "what wants no answer was answered");
        Check(
            request.MessageType != Dhcpv4MessageType.Request || !request.TryGetUInt32(Dhcpv4OptionCode.ServerIdentifier, out var server)
                || _model.OwnAddresses.Contains(server),
            "a request to another server was answered");
        Check(request.GiAddr == 0 || reply.Destination == request.GiAddr, "a relay's reply went elsewhere");
        Check(reply.Length is >= Dhcpv4Writer.MinLength and <= MaxReply, "a reply is too short or too long");
        Check(Dhcpv4Reader.TryRead(_reply.AsSpan(0, reply.Length), _replyWorkspace, out var written), "a reply is no message");
        Check(written.Op == 2 && written.Xid == request.Xid && written.ChAddr.SequenceEqual(request.ChAddr), "a reply is to another message");
        var isLease = written.MessageType is Dhcpv4MessageType.Offer or Dhcpv4MessageType.Ack && request.MessageType != Dhcpv4MessageType.Inform;
        Check(isLease || written.MessageType is Dhcpv4MessageType.Nak or Dhcpv4MessageType.Ack, "a reply is of another type");
        var address = written.YiAddr;
        Check(
            !isLease || _model.ByAddress.ContainsKey(address) || (_model.FindSubnet(address)?.IsDynamic(address) == true && !_model.Excluded.Contains(address)),
            "an address was given that is not to be given");
        Check(BinaryPrimitives.ReadUInt32BigEndian(_reply.AsSpan(236)) == 0x63825363, "the cookie is missing");
        return true;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
