using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Store;

namespace DhcpHost.Core.Reconciling;

/// <summary>All that the serving of one part of a network is made of.</summary>
internal sealed record ServeContext(
    NetworkRuntime Runtime,
    NetworkSnapshot Snapshot,
    NetworkSegment Segment,
    DriverSelection Selection,
    ServerOptions Options,
    MetadataMode Metadata,
    EngineSettings Settings,
    Lazy<string> Fingerprint);
