using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.InProcess.V6;

namespace DhcpHost.Plugin.InProcess.Tests.V6;

/// <summary>Bindings that nothing outlives.</summary>
internal sealed class MemoryBindings : IV6Bindings
{
    private readonly Dictionary<UInt128, DateTimeOffset> _quarantine = [];

    public SortedDictionary<UInt128, V6Binding> All { get; } = [];

    public int Count => All.Count;

    public V6Binding? Find(UInt128 address) => All.GetValueOrDefault(address);

    public void Find(ReadOnlySpan<byte> duid, uint iaid, List<V6Binding> found)
    {
        foreach (var binding in All.Values)
        {
            if (binding.Iaid == iaid && binding.IsOf(duid))
            {
                found.Add(binding);
            }
        }
    }

    public void Put(V6Binding binding) => All[binding.Address] = binding;

    public List<V6Binding> Prepared { get; } = [];

    public void Prepare(V6Binding binding) => Prepared.Add(binding);

    public void Remove(UInt128 address) => _ = All.Remove(address);

    public void Quarantine(UInt128 address, MacAddress? by, DateTimeOffset until) => _quarantine[address] = until;

    public bool IsQuarantined(UInt128 address, DateTimeOffset now) => _quarantine.GetValueOrDefault(address) > now;
}
