using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

/// <summary><c>struct mmsghdr</c> of 64-bit machines: a <c>msghdr</c> and the length that was received or sent (recvmmsg(2)).</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal unsafe struct MessageHeader
{
    [FieldOffset(0)]
    internal byte* Name;
    [FieldOffset(8)]
    internal uint NameLength;
    [FieldOffset(16)]
    internal IoVector* Vectors;
    [FieldOffset(24)]
    internal nint VectorCount;
    [FieldOffset(32)]
    internal byte* Control;
    [FieldOffset(40)]
    internal nint ControlLength;
    [FieldOffset(48)]
    internal int Flags;
    [FieldOffset(56)]
    internal uint Length;

    /// <summary><c>struct iovec</c>.</summary>
    internal struct IoVector
    {
        internal byte* Base;
        internal nint Length;
    }
}
