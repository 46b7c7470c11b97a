using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

/// <summary><c>struct sched_attr</c> as it was first (sched_setattr(2)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SchedulingAttributes
{
    internal const int SizeOfStruct = 48;

    internal uint Size;
    internal uint Policy;
    internal ulong Flags;
    internal int Nice;
    internal uint Priority;
    internal ulong Runtime;
    internal ulong Deadline;
    internal ulong Period;
}
