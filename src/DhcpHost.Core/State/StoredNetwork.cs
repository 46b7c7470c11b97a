using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.State;

/// <summary>All that the host keeps of one network over its own restarts, leases aside.</summary>
/// <param name="Id">The network.</param>
public sealed record StoredNetwork(NetworkId Id)
{
    /// <summary>The source that told of it.</summary>
    public PluginId? Source { get; init; }

    /// <summary>What drivers run for it.</summary>
    public EquatableArray<StoredHandle> Handles { get; init; }

    /// <summary>The host's own places on it.</summary>
    public EquatableArray<StoredAttachment> Attachments { get; init; }

    /// <summary>Its failures; <c>null</c> where the last attempt went well.</summary>
    public StoredFailure? Failure { get; init; }

    /// <summary>Whether there is nothing to keep.</summary>
    public bool IsEmpty => Handles.IsEmpty && Attachments.IsEmpty && Failure is null;

    /// <summary>With a handle, in place of the one of the same key.</summary>
    public StoredNetwork With(StoredHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return this with { Handles = Handles.Where(held => held.Key != handle.Key).Append(handle).ToEquatableArray() };
    }

    /// <summary>Without the handle of a key.</summary>
    public StoredNetwork Without(Plugins.HandleKey key) => this with { Handles = Handles.Where(held => held.Key != key).ToEquatableArray() };

    /// <summary>With an attachment, in place of the one of the same segment.</summary>
    public StoredNetwork With(StoredAttachment attachment)
    {
        ArgumentNullException.ThrowIfNull(attachment);
        return this with { Attachments = Attachments.Where(held => held.SegmentId != attachment.SegmentId).Append(attachment).ToEquatableArray() };
    }

    /// <summary>Without the attachment of a segment.</summary>
    public StoredNetwork WithoutAttachment(SegmentId? segmentId) =>
        this with { Attachments = Attachments.Where(held => held.SegmentId != segmentId).ToEquatableArray() };
}
