using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.DriverConformance.Fakes;

/// <summary>The faults that are still to come, each for an operation, for a server or any, a number of times.</summary>
internal sealed class FakeFaults
{
    private readonly Lock _lock = new();
    private readonly List<Planned> _planned = [];

    public void Add(FakeOperation operation, FakeFault fault, ServerKey? server, int times)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        lock (_lock)
        {
            _planned.Add(new(operation, fault, server, times));
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _planned.Clear();
        }
    }

    public FakeFault? Take(FakeCall call)
    {
        lock (_lock)
        {
            var index = _planned.FindIndex(planned => planned.Operation == call.Operation && (planned.Server is null || planned.Server == call.Server));
            if (index < 0)
            {
                return null;
            }

            var planned = _planned[index];
            if (planned.Times == 1)
            {
                _planned.RemoveAt(index);
            }
            else if (planned.Times != int.MaxValue)
            {
                _planned[index] = planned with { Times = planned.Times - 1 };
            }

            return planned.Fault;
        }
    }

    private sealed record Planned(FakeOperation Operation, FakeFault Fault, ServerKey? Server, int Times);
}
