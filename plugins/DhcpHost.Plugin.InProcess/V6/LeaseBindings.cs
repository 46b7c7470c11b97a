using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.InProcess.Leases;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>The bindings of a network in the store of leases.</summary>
internal sealed class LeaseBindings(LeaseTable table) : IV6Bindings
{
    /// <summary>The write that must be on the disk before anybody is told of what was changed since it was set to 0; 0 for none.</summary>
    public long After { get; set; }

    public int Count => table.Count;

    public V6Binding? Find(UInt128 address) => table.Find(address) is { State: LeaseState.Bound } record ? Describe(record) : null;

    public void Find(ReadOnlySpan<byte> duid, uint iaid, List<V6Binding> found)
    {
        Span<byte> buffer = stackalloc byte[ClientKey.MaxLength];
        for (var record = table.FindClient(ClientKey.OfAssociation(duid, iaid, buffer)); record is not null; record = record.NextOfClient)
        {
            found.Add(Describe(record));
        }
    }

    public void Put(V6Binding binding)
    {
        Span<byte> buffer = stackalloc byte[ClientKey.MaxLength];
        var client = ClientKey.OfAssociation(binding.Duid.Span, binding.Iaid, buffer);
        var end = binding.ExpiresAt?.ToUnixTimeMilliseconds() ?? LeaseRecord.Never;
        After = Math.Max(After, table.Bind(binding.Address, client, binding.Mac, binding.Hostname, end));
    }

    public void Prepare(V6Binding binding)
    {
        Span<byte> buffer = stackalloc byte[ClientKey.MaxLength];
        var client = ClientKey.OfAssociation(binding.Duid.Span, binding.Iaid, buffer);
        var end = binding.ExpiresAt?.ToUnixTimeMilliseconds() ?? LeaseRecord.Never;
        table.Prepare(binding.Address, client, binding.Mac, binding.Hostname, end);
    }

    public void Remove(UInt128 address) => After = table.Remove(address) ? table.Gathering : After;

    public void Quarantine(UInt128 address, MacAddress? by, DateTimeOffset until)
    {
        _ = table.Bind(address, default, by, null, until.ToUnixTimeMilliseconds(), LeaseState.Declined);
        After = table.Gathering;
    }

    public bool IsQuarantined(UInt128 address, DateTimeOffset now) =>
        table.Find(address) is { State: LeaseState.Declined } record && record.IsActive(now.ToUnixTimeMilliseconds());

    private static V6Binding Describe(LeaseRecord record) => new(
        record.Address,
        record.Client.AsMemory()[^ClientKey.Duid(record.Client).Length..],
        ClientKey.Iaid(record.Client) ?? 0,
        record.MacAddress,
        record.Hostname,
        record.ExpiresAt == LeaseRecord.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(record.ExpiresAt));
}
